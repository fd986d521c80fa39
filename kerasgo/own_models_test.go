package keras

import (
	"github.com/kerasgo/kerasgo/engine/graph"
	"github.com/kerasgo/kerasgo/engine/ops"
	"github.com/kerasgo/kerasgo/engine/tensor"
	"github.com/kerasgo/kerasgo/kerasgo/layers"
	"github.com/kerasgo/kerasgo/kerasgo/losses"
	"github.com/kerasgo/kerasgo/kerasgo/metrics"
	"github.com/kerasgo/kerasgo/kerasgo/optimizers"
	"github.com/kerasgo/kerasgo/spec"
)

// The models of testdata/gen/own.py in Go.

func init() {
	spec.Register[ownNet]("own", spec.ClassName("Net"), spec.OfKind("model"))
	spec.Register[ownNamed]("own", spec.ClassName("Named"), spec.OfKind("model"))
	spec.Register[ownVAE]("own", spec.ClassName("VAE"), spec.OfKind("model"))
	spec.Register[ownGAN]("own", spec.ClassName("GAN"), spec.OfKind("model"))
	spec.Register[ownAdded]("own", spec.ClassName("Added"), spec.OfKind("model"))
	spec.Register[ownStudent]("own", spec.ClassName("Student"), spec.OfKind("model"))
}

// ownNet has everything that fields can hold, two outputs and a layer that only training
// calls. Net comes after "layers" in Keras's walk over the attributes, and so is reached
// by that.
type ownNet struct {
	Units     int    `keras:"units,default=4"`
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Hidden *Layer
	Blocks []*Layer
	Heads  map[string]*Layer
	Drop   *Layer
	Net    *Model
	Unused *Layer
	Inner  *Model
}

func (n *ownNet) Init() {
	n.Hidden = Share(layers.Dense{Units: n.Units, Activation: "relu"})
	n.Blocks = []*Layer{Share(layers.Dense{Units: n.Units}), Share(layers.Dense{Units: n.Units}), Share(layers.LayerNormalization{})}
	n.Heads = map[string]*Layer{"a": Share(layers.Dense{Units: 1}), "b": Share(layers.Dense{Units: 2})}
	n.Drop = Share(layers.Dropout{})
	n.Net = NewSequential(layers.Dense{Units: 3}, layers.BatchNormalization{})
	n.Unused = Share(layers.Dense{Units: 1})
	n.Inner = NewSubclass(&ownGate{})
}

func (n *ownNet) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	x := c.Call(n.Hidden, in[0])
	for _, b := range n.Blocks {
		x = c.Call(b, x)
	}
	if c.Training() {
		x = c.Call(n.Drop, x)
	}
	x = c.Call(n.Inner, c.Call(n.Net, x), x)
	return []graph.Value{c.Call(n.Heads["a"], x), c.Call(n.Heads["b"], x)}
}

// ownGate multiplies one input by a sigmoid of another.
type ownGate struct{ Gate *Layer }

func (n *ownGate) Init() { n.Gate = Share(layers.Dense{Units: 3, Activation: "sigmoid"}) }

func (n *ownGate) Call(c *Context, in ...graph.Value) graph.Value {
	return ops.Mul(in[0], c.Call(n.Gate, in[1]))
}

// ownNamed has inputs and outputs by name.
type ownNamed struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Left, Right *Layer
}

func (n *ownNamed) Init() {
	n.Left, n.Right = Share(layers.Dense{Units: 3, Activation: "tanh"}), Share(layers.Dense{Units: 3})
}

func (n *ownNamed) OutputNames() []string { return []string{"sum", "product"} }

func (n *ownNamed) CallMulti(c *Context, in ...graph.Value) []graph.Value {
	a, b := c.Call(n.Left, c.Input("a")), c.Call(n.Right, c.Input("b"))
	return []graph.Value{ops.Add(a, b), ops.Mul(a, b)}
}

// ownVAE has steps of its own for training and evaluation; the noise is fed as targets.
type ownVAE struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Encoder, Decoder *Model
	Total, KL        *Metric
}

func (n *ownVAE) Init() {
	x := Input(6)
	h := Apply(layers.Dense{Units: 5, Activation: "tanh"}, x)
	n.Encoder = NewModel(x, List(Apply(layers.Dense{Units: 2}, h), Apply(layers.Dense{Units: 2}, h)))
	n.Decoder = NewSequential(layers.Dense{Units: 5, Activation: "tanh", InputShape: []int{2}}, layers.Dense{Units: 6, Activation: "sigmoid"})
	n.Total, n.KL = NewMetric(metrics.Mean{Name: "loss"}), NewMetric(metrics.Mean{Name: "kl_loss"})
}

func (n *ownVAE) Call(c *Context, in ...graph.Value) graph.Value {
	return c.Call(n.Decoder, c.Call(n.Encoder, in[0]))
}

func (n *ownVAE) losses(s *Step) (reconstruction, kl graph.Value) {
	x, noise := s.X[0], s.Y[0]
	e := s.CallMulti(n.Encoder, x)
	mean, logVar := e[0], e[1]
	y := s.Call(n.Decoder, ops.Add(mean, ops.Mul(ops.Exp(ops.MulScalar(logVar, 0.5)), noise)))
	each := losses.BinaryCrossentropy{FromLogits: false, Axis: new(-1)}.Call(ops.ExpandDims(x, -1), ops.ExpandDims(y, -1)) // (n, 6)
	reconstruction = ops.Mean(ops.Sum(each, []int{-1}, false), nil, false)
	kl = ops.Sub(ops.AddScalar(logVar, 1), ops.Add(ops.Square(mean), ops.Exp(logVar)))
	kl = ops.MulScalar(ops.Mean(ops.Sum(kl, []int{1}, false), nil, false), -0.5)
	return reconstruction, kl
}

func (n *ownVAE) log(s *Step, reconstruction, kl graph.Value) {
	s.Log("loss", s.Update(n.Total, ops.Add(reconstruction, kl)))
	s.Log("kl_loss", s.Update(n.KL, kl))
	s.Log("reconstruction", reconstruction)
}

func (n *ownVAE) TrainStep(s *Step) {
	reconstruction, kl := n.losses(s)
	weights := s.Model().TrainableWeights()
	s.Apply(s.Optimizer(), s.Gradients(ops.Add(reconstruction, kl), weights), weights)
	n.log(s, reconstruction, kl)
}

func (n *ownVAE) TestStep(s *Step) {
	reconstruction, kl := n.losses(s)
	n.log(s, reconstruction, kl)
}

// ownGAN trains two networks with an optimizer each: the second step sees what the first
// one made of the discriminator.
type ownGAN struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Generator, Discriminator *Model
	DOptimizer, GOptimizer   *Optimizer
	DLoss, GLoss             *Metric
}

func (n *ownGAN) Init() {
	n.Generator = NewSequential(layers.Dense{Units: 6, Activation: "relu", InputShape: []int{3}}, layers.BatchNormalization{}, layers.Dense{Units: 4})
	n.Discriminator = NewSequential(layers.Dense{Units: 6, Activation: "tanh", InputShape: []int{4}}, layers.Dense{Units: 1})
	n.DOptimizer = NewOptimizer(optimizers.Adam{LearningRate: 0.01})
	n.GOptimizer = NewOptimizer(optimizers.SGD{LearningRate: 0.05, Momentum: 0.9})
	n.DLoss, n.GLoss = NewMetric(metrics.Mean{Name: "d_loss"}), NewMetric(metrics.Mean{Name: "g_loss"})
}

func (n *ownGAN) Call(c *Context, in ...graph.Value) graph.Value {
	return c.Call(n.Generator, in[0])
}

func (n *ownGAN) TrainStep(s *Step) {
	noise, real := s.X[0], s.Y[0]
	batch := real.Shape()[0]
	ones, zeros := tensor.New(tensor.Float32, batch, 1), tensor.New(tensor.Float32, batch, 1)
	for i := range ones.Float32s() {
		ones.Float32s()[i] = 1
	}
	bce := func(labels, scores graph.Value) graph.Value {
		l, err := losses.Get(losses.BinaryCrossentropy{FromLogits: true})
		if err != nil {
			s.Errorf("%w", err)
			return scores
		}
		return losses.Compute(l, labels, scores, graph.Value{}, graph.Value{})
	}
	g := s.Graph()
	fake := s.Call(n.Generator, noise)
	scores := s.Call(n.Discriminator, ops.Concat(0, fake, real))
	dLoss := bce(ops.Concat(0, g.Constant(ones), g.Constant(zeros)), scores)
	weights := n.Discriminator.TrainableWeights()
	s.Apply(n.DOptimizer, s.Gradients(dLoss, weights), weights)
	scores = s.Call(n.Discriminator, s.Call(n.Generator, noise))
	gLoss := bce(g.Constant(zeros), scores)
	weights = n.Generator.TrainableWeights()
	s.Apply(n.GOptimizer, s.Gradients(gLoss, weights), weights)
	s.Log("d_loss", s.Update(n.DLoss, dLoss))
	s.Log("g_loss", s.Update(n.GLoss, gLoss))
	s.Log("score", ops.Mean(scores, nil, false))
}

// ownAdded has a loss of its own, AddLoss and a metric of Compile, in Keras's steps.
type ownAdded struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Hidden, Out *Layer
}

func (n *ownAdded) Init() {
	n.Hidden = Share(layers.Dense{Units: 4, Activation: "tanh", KernelRegularizer: "l2"})
	n.Out = Share(layers.Dense{Units: 2})
}

func (n *ownAdded) Call(c *Context, in ...graph.Value) graph.Value {
	h := c.Call(n.Hidden, in[0])
	c.AddLoss(ops.MulScalar(ops.Mean(ops.Square(h), nil, false), 0.1))
	return c.Call(n.Out, h)
}

func (n *ownAdded) ComputeLoss(s *Step, pred ...graph.Value) graph.Value {
	loss := s.CompiledLoss(pred...)
	for _, l := range s.Losses() {
		loss = ops.Add(loss, l)
	}
	return ops.Add(loss, ops.MulScalar(ops.Mean(ops.Abs(pred[0]), nil, false), 0.5))
}

// ownStudent learns from a frozen teacher and from pairs.
type ownStudent struct {
	Name      string `keras:"name"`
	Trainable *bool  `keras:"trainable,default=true"`
	DType     string `keras:"dtype"`

	Teacher, Student *Model
}

func (n *ownStudent) Init() {
	n.Teacher = NewSequential(layers.Dense{Units: 5, Activation: "tanh", InputShape: []int{4}}, layers.Dropout{Rate: 0.5}, layers.Dense{Units: 3})
	n.Student = NewSequential(layers.Dense{Units: 3, InputShape: []int{4}})
}

func (n *ownStudent) Call(c *Context, in ...graph.Value) graph.Value {
	return c.Call(n.Student, in[0])
}

func (n *ownStudent) TrainStep(s *Step) {
	x, view := s.X[0], s.Y[0]
	teacher := s.CallWith(n.Teacher, Kwargs{"training": false}, x)[0]
	a, b := s.Call(n.Student, x), s.Call(n.Student, view)
	distance := ops.Mean(ops.Square(ops.Sub(a, teacher)), nil, false)
	labels := tensor.New(tensor.Int32, a.Shape()[0])
	for i := range labels.Int32s() {
		labels.Int32s()[i] = int32(i)
	}
	logits := ops.MatMul(a, ops.Transpose(b, 1, 0))
	l, err := losses.Get(losses.SparseCategoricalCrossentropy{FromLogits: true})
	if err != nil {
		s.Errorf("%w", err)
		return
	}
	pairs := ops.Mean(l.Call(s.Graph().Constant(labels), logits), nil, false)
	loss := ops.Add(distance, pairs)
	weights := n.Student.TrainableWeights()
	s.Apply(s.Optimizer(), s.Gradients(loss, weights), weights)
	s.Log("loss", loss)
	s.Log("distance", distance)
}
