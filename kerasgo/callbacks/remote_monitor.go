package callbacks

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kerasgo/kerasgo/spec"
)

// RemoteMonitor sends the logs of every epoch to a server, by HTTP POST: a JSON object
// of the epoch (from 0) and the logs, in one field of a form or as it is. A server that
// does not answer within half a minute is warned of and does not stop training.
type RemoteMonitor struct {
	Base `keras:"-"`
	// address of the server
	Root string `keras:"root,pos,default=http://localhost:9000"`
	// what is asked for there
	Path *string `keras:"path,default=/publish/epoch/end/"`
	// field of the form
	Field string `keras:"field,default=data"`
	// names and values of more headers
	Headers any `keras:"headers"`
	// send the object itself, as application/json, instead of a form
	SendAsJSON bool `keras:"send_as_json"`

	headers map[string]string
}

func init() { spec.Register[RemoteMonitor]("keras.callbacks") }

const remoteTimeout = 30 * time.Second

func (r *RemoteMonitor) check() error {
	r.headers = map[string]string{}
	switch h := r.Headers.(type) {
	case nil:
	case map[string]string:
		r.headers = h
	case *spec.Object:
		for _, k := range h.Keys() {
			v, _ := h.Get(k)
			s, ok := v.(string)
			if !ok {
				return fmt.Errorf("headers: the value of %q must be a string, got %v", k, v)
			}
			r.headers[k] = s
		}
	default:
		return fmt.Errorf("headers wants names with values, got %v", h)
	}
	u, err := url.Parse(r.Root)
	if err != nil || u.Host == "" {
		return fmt.Errorf("root wants an address such as http://localhost:9000, got %q", r.Root)
	}
	return nil
}

// OnEpochEnd sends the logs.
func (r *RemoteMonitor) OnEpochEnd(epoch int, logs Logs) error {
	text, finite := logsJSON(epoch, logs)
	body, kind := url.Values{r.Field: {text}}.Encode(), "application/x-www-form-urlencoded"
	if r.SendAsJSON {
		body, kind = text, "application/json"
	}
	err := errors.New("JSON has no NaN and no infinity")
	if finite || !r.SendAsJSON {
		err = r.post(body, kind)
	}
	if err != nil {
		r.warn("RemoteMonitor could not reach %s: %v", r.Root, err)
	}
	return nil
}

func (r *RemoteMonitor) post(body, kind string) error {
	req, err := http.NewRequest(http.MethodPost, r.Root+*r.Path, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", kind)
	for k, v := range r.headers {
		req.Header.Set(k, v)
	}
	client := http.Client{Timeout: remoteTimeout}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<20))
	return err
}

// logsJSON writes an epoch's number and logs as Python's json.dumps does, and tells
// whether all are numbers of JSON.
func logsJSON(epoch int, logs Logs) (text string, finite bool) {
	var b strings.Builder
	fmt.Fprintf(&b, `{"epoch": %d`, epoch)
	finite = true
	for _, k := range ordered(logs) {
		v := pyFloat(logs[k])
		if x := logs[k]; math.IsNaN(x) || math.IsInf(x, 0) {
			finite = false
			v = map[string]string{"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[v]
		}
		fmt.Fprintf(&b, ", %s: %s", spec.JSON(k, 0), v)
	}
	b.WriteByte('}')
	return b.String(), finite
}

// ordered returns the names in the logs in Keras's order: sorted, those of validation
// after the others, a learning rate that a callback added last.
func ordered(logs Logs) []string {
	rank := func(k string) int {
		switch {
		case strings.HasPrefix(k, "learning_rate"):
			return 2
		case strings.HasPrefix(k, "val_"):
			return 1
		}
		return 0
	}
	return slices.SortedFunc(maps.Keys(logs), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

var _ Callback = (*RemoteMonitor)(nil)
