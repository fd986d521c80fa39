package callbacks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/kerasgo/kerasgo/spec"
)

// BackupAndRestore saves the state of training in a folder, after every epoch or every
// so many batches, and takes it up again when Fit is called the next time after an
// interruption. The state is all that training depends on: weights, optimizer, epoch
// and batch, order of the samples, random numbers, and sums of the metrics. So a run
// that was killed and started again ends with the same weights as one that was not.
// What other callbacks remember is not part of it, nor are the logs of earlier epochs.
//
// The files are those of Keras, which can go on from them, at the start of an epoch;
// backups of Keras are taken up in the same way. They are written under temporary names
// and renamed. When training ends they are deleted.
//
// In a spec the folder is in that of all runs of the experiment, so that the next run
// finds it.
type BackupAndRestore struct {
	Base `keras:"-"`
	// folder of the backup, used for nothing else
	BackupDir string `keras:"backup_dir,pos,required"`
	// "epoch", or a number of batches
	SaveFreq any `keras:"save_freq,default=epoch"`
	// keep the backup before the last too, and take it where the last can't be read
	DoubleCheckpoint bool `keras:"double_checkpoint"`
	// delete the backup when training ends
	DeleteCheckpoint *bool `keras:"delete_checkpoint,default=true"`

	every int // batches; 0 means epochs
	seen  int // batches since the last save
	epoch int // the one being trained
}

func init() { spec.Register[BackupAndRestore]("keras.callbacks") }

// Resumable is a Model whose run of Fit can be saved while it is under way.
type Resumable interface {
	// SaveState writes all that the rest of the run depends on.
	SaveState(path string) error
	// LoadState makes the run, which has just begun, go on where the saved one was.
	// A file of weights without such a state is one of Keras: the run then starts
	// with the given epoch.
	LoadState(path string, epoch int) error
}

// Names of the files in a backup; a backup before the last has .bkp after them.
const (
	backupWeights  = "latest.weights.h5"
	backupMetadata = "training_metadata.json"
	backupBefore   = ".bkp"
)

// backupInfo is what Keras has in its metadata file.
type backupInfo struct {
	Epoch int `json:"epoch"` // to go on with
	Batch int `json:"batch"` // number of the last one; Keras reads over it
}

func (b *BackupAndRestore) check() error {
	if b.BackupDir == "" {
		return errors.New("backup_dir is empty")
	}
	every, err := saveFreq(b.SaveFreq)
	b.every = every
	return err
}

// saveFreq returns the number of batches that an argument save_freq tells, 0 for "epoch".
func saveFreq(v any) (int, error) {
	switch f := v.(type) {
	case string:
		if f == "epoch" {
			return 0, nil
		}
	case int:
		if f > 0 {
			return f, nil
		}
	}
	return 0, fmt.Errorf("save_freq wants \"epoch\" or a number of batches, got %#v", v)
}

// OnTrainBegin takes up a backup, if there is one.
func (b *BackupAndRestore) OnTrainBegin(Logs) error {
	b.epoch = 0
	err := b.load("")
	if err == nil || errors.Is(err, fs.ErrNotExist) && !b.exists(backupWeights) && !b.exists(backupWeights+backupBefore) {
		return nil
	}
	if !b.exists(backupWeights + backupBefore) {
		return fmt.Errorf("BackupAndRestore: %w", err)
	}
	b.warn("BackupAndRestore: the last backup can't be read (%v): the one before it is taken", err)
	if before := b.load(backupBefore); before != nil {
		return fmt.Errorf("BackupAndRestore: %w; the backup before: %w", err, before)
	}
	return nil
}

func (b *BackupAndRestore) load(suffix string) error {
	path := b.path(backupWeights + suffix)
	if _, err := os.Stat(path); err != nil {
		return err
	}
	m, err := b.resumable()
	if err != nil {
		return err
	}
	var info backupInfo
	text, err := os.ReadFile(b.path(backupMetadata + suffix))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		if err := json.Unmarshal(text, &info); err != nil || info.Epoch < 0 {
			return fmt.Errorf("%s holds no epoch number: %w", b.path(backupMetadata+suffix), errors.Join(err))
		}
	}
	return m.LoadState(path, info.Epoch)
}

// OnEpochBegin notes the epoch.
func (b *BackupAndRestore) OnEpochBegin(epoch int, _ Logs) error {
	b.epoch = epoch
	return nil
}

// OnTrainBatchEnd saves when it is time.
func (b *BackupAndRestore) OnTrainBatchEnd(batch int, _ Logs) error {
	if b.every == 0 {
		return nil
	}
	if b.seen++; b.seen < b.every {
		return nil
	}
	b.seen = 0
	return b.save(backupInfo{Epoch: b.epoch, Batch: batch})
}

// OnEpochEnd saves when it is time.
func (b *BackupAndRestore) OnEpochEnd(epoch int, _ Logs) error {
	if b.every > 0 {
		return nil
	}
	return b.save(backupInfo{Epoch: epoch + 1})
}

func (b *BackupAndRestore) save(info backupInfo) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("BackupAndRestore: %w", err)
		}
	}()
	m, err := b.resumable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.BackupDir, 0o777); err != nil {
		return err
	}
	text := fmt.Appendf(nil, `{"epoch": %d, "batch": %d}`, info.Epoch, info.Batch)
	if b.DoubleCheckpoint {
		for _, name := range []string{backupWeights, backupMetadata} {
			if err := b.keep(name); err != nil {
				return err
			}
		}
	}
	// The weights first: they hold all of the state, the metadata are for Keras.
	if err := m.SaveState(b.path(backupWeights)); err != nil {
		return err
	}
	return writeFile(b.path(backupMetadata), text)
}

// keep copies a file of the last backup to that before it.
func (b *BackupAndRestore) keep(name string) error {
	data, err := os.ReadFile(b.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return writeFile(b.path(name+backupBefore), data)
}

// OnTrainEnd deletes the backup.
func (b *BackupAndRestore) OnTrainEnd(Logs) error {
	if !*b.DeleteCheckpoint {
		return nil
	}
	for _, name := range []string{backupWeights, backupMetadata} {
		for _, suffix := range []string{"", backupBefore} {
			if err := os.Remove(b.path(name + suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("BackupAndRestore: %w", err)
			}
		}
	}
	_ = os.Remove(b.BackupDir) // only if nothing else is in it
	return nil
}

func (b *BackupAndRestore) resumable() (Resumable, error) {
	m, ok := b.Model().(Resumable)
	if !ok {
		return nil, errors.New("this model can't be saved while it is trained")
	}
	return m, nil
}

func (b *BackupAndRestore) path(name string) string { return filepath.Join(b.BackupDir, name) }

func (b *BackupAndRestore) exists(name string) bool {
	_, err := os.Stat(b.path(name))
	return err == nil
}

// writeFile writes a file under a temporary name and renames it.
func writeFile(path string, data []byte) error {
	t, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return err
	}
	_, err = t.Write(data)
	err = errors.Join(err, t.Chmod(0o644), t.Close())
	if err == nil {
		err = os.Rename(t.Name(), path)
	}
	if err != nil {
		os.Remove(t.Name())
	}
	return err
}

var _ Callback = (*BackupAndRestore)(nil)
