package plan

// schedule puts every item into the first phase after all that it depends on: the
// writers of what it reads, and the earlier readers and writers of what it
// writes. Items of one phase run side by side.
func (c *compiler) schedule() {
	lastWrite := make([]int, len(c.storage)) // phase+1 of the last writer, by storage
	lastRead := make([]int, len(c.storage))  // phase+1 of the last reader
	for _, it := range c.items {
		phase := 0
		for _, b := range it.reads {
			phase = max(phase, lastWrite[c.storage[b]])
		}
		for _, b := range it.writes {
			phase = max(phase, lastWrite[c.storage[b]], lastRead[c.storage[b]])
		}
		for _, b := range it.reads {
			lastRead[c.storage[b]] = max(lastRead[c.storage[b]], phase+1)
		}
		for _, b := range it.writes {
			lastWrite[c.storage[b]] = phase + 1
		}
		for len(c.prog.Phases) <= phase {
			c.prog.Phases = append(c.prog.Phases, nil)
			c.phaseItems = append(c.phaseItems, nil)
		}
		c.prog.Phases[phase] = append(c.prog.Phases[phase], it.step)
		c.phaseItems[phase] = append(c.phaseItems[phase], it)
	}
}
