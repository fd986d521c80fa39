package callbacks

import (
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kerasgo/kerasgo/spec"
)

// CSVLogger writes the logs of every epoch to a file: one row an epoch, columns epoch
// (from 0) and the sorted names of the first epoch. Without validation in the first
// epoch there are val_ columns too, holding NA until there is one. Lines end in CRLF.
type CSVLogger struct {
	Base `keras:"-"`
	// file to write
	Filename string `keras:"filename,pos,required"`
	// between columns, one character; empty means a comma
	Separator string `keras:"separator"`
	// add to the file instead of starting it anew; the header is written only to an empty one
	Append bool `keras:"append"`

	file   *os.File
	writer *csv.Writer
	keys   []string
	header bool
}

func init() { spec.Register[CSVLogger]("keras.callbacks") }

func (c *CSVLogger) check() error {
	if c.Separator == "" {
		c.Separator = ","
	}
	if utf8.RuneCountInString(c.Separator) != 1 {
		return fmt.Errorf("separator wants one character, got %q", c.Separator)
	}
	return nil
}

// OnTrainBegin opens the file.
func (c *CSVLogger) OnTrainBegin(Logs) error {
	if err := c.close(); err != nil {
		return err
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	c.header = true
	if c.Append {
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
		info, err := os.Stat(c.Filename)
		c.header = err != nil || info.Size() == 0
	}
	file, err := os.OpenFile(c.Filename, flags, 0o666)
	if err != nil {
		return fmt.Errorf("CSVLogger: %w", err)
	}
	c.file, c.keys = file, nil
	c.writer = csv.NewWriter(file)
	c.writer.Comma, _ = utf8.DecodeRuneInString(c.Separator)
	c.writer.UseCRLF = true
	return nil
}

// OnEpochEnd writes a row.
func (c *CSVLogger) OnEpochEnd(epoch int, logs Logs) error {
	if c.keys == nil {
		c.keys = slices.Sorted(maps.Keys(logs))
		if !slices.ContainsFunc(c.keys, func(k string) bool { return strings.HasPrefix(k, "val_") }) {
			for _, k := range slices.Clone(c.keys) {
				c.keys = append(c.keys, "val_"+k)
			}
		}
		if c.header {
			if err := c.write(append([]string{"epoch"}, c.keys...)); err != nil {
				return err
			}
		}
	}
	row := []string{strconv.Itoa(epoch)}
	for _, k := range c.keys {
		cell := "NA"
		if v, ok := logs[k]; ok {
			cell = pyFloat(v)
		}
		row = append(row, cell)
	}
	return c.write(row)
}

// OnTrainEnd closes the file.
func (c *CSVLogger) OnTrainEnd(Logs) error { return c.close() }

func (c *CSVLogger) write(row []string) error {
	if err := c.writer.Write(row); err != nil {
		return fmt.Errorf("CSVLogger: %w", err)
	}
	c.writer.Flush()
	if err := c.writer.Error(); err != nil {
		return fmt.Errorf("CSVLogger: %w", err)
	}
	return nil
}

func (c *CSVLogger) close() error {
	if c.file == nil {
		return nil
	}
	err := c.file.Close()
	c.file, c.writer = nil, nil
	if err != nil {
		return fmt.Errorf("CSVLogger: %w", err)
	}
	return nil
}

var _ Callback = (*CSVLogger)(nil)
