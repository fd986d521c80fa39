package mnist

import (
	"embed"

	"github.com/kerasgo/kerasgo/engine/tensor"
)

//go:embed data
var embedded embed.FS

// set is a data set in four files: training images and labels, test images and labels.
type set struct {
	name  string
	files [4]file
}

// file is one of them. A file may be packed in other ways, so its data (pixels or labels, without header) decide; the
// sum of the usual .gz saves that work.
type file struct {
	name    string // without ".gz"
	array   string // its name in mnist.npz
	content string
	shape   tensor.Shape
	gz      string // SHA-256 of the .gz
	data    string // SHA-256 of the unpacked data
}

var digits = set{"MNIST", [4]file{
	{
		"train-images-idx3-ubyte", "x_train", "60,000 training images", tensor.Shape{60000, 28, 28},
		"440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
		"741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
	},
	{
		"train-labels-idx1-ubyte", "y_train", "60,000 training labels", tensor.Shape{60000},
		"3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
		"1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
	},
	{
		"t10k-images-idx3-ubyte", "x_test", "10,000 test images", tensor.Shape{10000, 28, 28},
		"8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
		"6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
	},
	{
		"t10k-labels-idx1-ubyte", "y_test", "10,000 test labels", tensor.Shape{10000},
		"f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
		"ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
	},
}}

// fashion has files of the same names and shapes; people put them where MNIST is expected, to try a harder task.
var fashion = set{"Fashion-MNIST", [4]file{
	{
		"train-images-idx3-ubyte", "", "60,000 training images", tensor.Shape{60000, 28, 28},
		"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
		"2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
	},
	{
		"train-labels-idx1-ubyte", "", "60,000 training labels", tensor.Shape{60000},
		"a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
		"657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
	},
	{
		"t10k-images-idx3-ubyte", "", "10,000 test images", tensor.Shape{10000, 28, 28},
		"346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
		"c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
	},
	{
		"t10k-labels-idx1-ubyte", "", "10,000 test labels", tensor.Shape{10000},
		"67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
		"3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
	},
}}

// Keras's own archive.
const npzSHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
