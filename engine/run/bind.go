package run

// InputBuffers returns the buffers that lie in the memory of an input.
func (f *Frame) InputBuffers(index int) []int {
	var list []int
	for i, b := range f.prog.Buffers {
		if b.Place == Input && b.Index == index {
			list = append(list, i)
		}
	}
	return list
}

// Bind lets float32 buffers lie in data until the next Bind. Steps that use tensors
// (Frame.T) rather than elements (Frame.F32) do not notice it.
func (f *Frame) Bind(buffers []int, data []float32) {
	for _, b := range buffers {
		f.F32[b] = data
	}
}

// RunSerial does all of the Program on the calling goroutine, with little ado: for
// steps of a larger Program. A panic of a step passes on as a *StepError.
func (f *Frame) RunSerial() {
	var current *Step
	defer func() {
		if v := recover(); v != nil {
			panic(&StepError{current.Name, current.Scope, v})
		}
	}()
	scratch := f.scratch[0]
	for _, phase := range f.prog.Phases {
		for i := range phase {
			s := &phase[i]
			current = s
			if s.Run == nil {
				for k := range s.Parts {
					current = &s.Parts[k]
					current.Run(f, 0, scratch[:current.Scratch])
				}
				continue
			}
			for chunk := range s.Chunks {
				s.Run(f, chunk, scratch[:s.Scratch])
			}
		}
	}
}
