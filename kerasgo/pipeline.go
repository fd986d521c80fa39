package keras

import "sync"

// pipeline makes batches of a Dataset ahead of the steps that they are for. The
// batches come in their order, whichever worker is done first.
type pipeline struct {
	ready chan chan made // in the order of the batches; its capacity bounds what is ahead
	stop  chan struct{}
	done  sync.WaitGroup
}

// made is a batch, or why there is none.
type made struct {
	data *arrays
	err  error
}

// job is a batch to be made, and where it is waited for.
type job struct {
	batch int
	to    chan made
}

// start begins to make the batches that next yields until it reports false.
func (f *feed) start(md mode, next func() (int, bool)) *pipeline {
	p := &pipeline{ready: make(chan chan made, f.ahead), stop: make(chan struct{})}
	jobs := make(chan job)
	p.done.Go(func() {
		defer close(jobs)
		defer close(p.ready)
		for {
			i, ok := next()
			if !ok {
				return
			}
			to := make(chan made, 1)
			select {
			case p.ready <- to:
			case <-p.stop:
				return
			}
			select {
			case jobs <- job{i, to}:
			case <-p.stop:
				to <- made{}
				return
			}
		}
	})
	for range f.workers {
		p.done.Go(func() {
			for j := range jobs {
				data, err := f.batch(j.batch, md)
				j.to <- made{data, err}
			}
		})
	}
	return p
}

// next returns the next batch. There must be one.
func (p *pipeline) next() (*arrays, error) {
	b := <-<-p.ready
	return b.data, b.err
}

// close ends the making of batches and waits until none is being made.
func (p *pipeline) close() {
	close(p.stop)
	p.done.Wait()
}
