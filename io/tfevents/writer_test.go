package tfevents

import (
	"bufio"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The bytes that TensorFlow 2.21's TFRecordWriter makes of such an event.
const scalarRecord = "3500000000000000d6c55de609000000000000f83f10ac022a270a250a0a65706f63685f6c6f7373420a080112002a040000803e4a0b0a090a077363616c6172735f5dbf5f"

func TestScalarBytes(t *testing.T) {
	var b bytesBuffer
	w := &Writer{buf: bufio.NewWriter(&b), now: func() time.Time { return time.Unix(1, 5e8) }}
	if err := w.Scalar("epoch_loss", 300, 0.25); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(b); got != scalarRecord {
		t.Errorf("got  %s\nwant %s", got, scalarRecord)
	}
}

type bytesBuffer []byte

func (b *bytesBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

func TestBuckets(t *testing.T) {
	for _, c := range []struct {
		values []float32
		want   []float64
	}{
		{nil, []float64{0, 0, 0, 0, 0, 0}},
		{[]float32{3, 3}, []float64{3, 3, 0, 3, 3, 2}},
		{[]float32{0, 1, 1.9, 2, 4}, []float64{0, 2, 3, 2, 4, 2}},
	} {
		if d := cmp.Diff(c.want, buckets(c.values, 2)); d != "" {
			t.Errorf("%v (-want +got):\n%s", c.values, d)
		}
	}
}

// Two files of one second have two names, and a closed file takes no events.
func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs", "train")
	for range 2 {
		w, err := Create(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if w.Scalar("a", 0, 1) == nil {
			t.Error("a closed file took an event")
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 || !strings.HasPrefix(files[0].Name(), "events.out.tfevents.") {
		t.Errorf("files %v, %v", files, err)
	}
}
