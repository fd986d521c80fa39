package experiment

import (
	"bytes"
	"errors"
	"io"

	keras "github.com/kerasgo/kerasgo/kerasgo"
)

// profile ends the measurement of training, prints where time went and writes it into
// the run's folder together with a trace of the last steps.
func (r *Result) profile(f *folder, out io.Writer) error {
	r.Profile = r.Model.Profiles()
	r.Model.SetProfiling(false)
	var text, trace bytes.Buffer
	if err := keras.WriteProfiles(&text, r.Profile); err != nil {
		return err
	}
	if out != nil {
		if _, err := out.Write(text.Bytes()); err != nil {
			return err
		}
	}
	if f == nil {
		return nil
	}
	if err := keras.WriteTrace(&trace, r.Profile); err != nil {
		return err
	}
	return errors.Join(f.write("profile.txt", text.Bytes()), f.write("trace.json", trace.Bytes()))
}
