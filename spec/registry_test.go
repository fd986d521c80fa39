package spec

import "testing"

func TestSnakeCase(t *testing.T) {
	for class, want := range map[string]string{
		"Conv2D": "conv2d", "MaxPooling2D": "max_pooling2d", "ReLU": "re_lu", "LeakyReLU": "leaky_re_lu", "PReLU": "p_re_lu", "ELU": "elu",
		"RMSprop": "rm_sprop", "AdamW": "adam_w", "LSTM": "lstm", "InputLayer": "input_layer", "Functional": "functional", "L1L2": "l1l2",
		"KLDivergence": "kl_divergence", "GlobalAveragePooling2D": "global_average_pooling2d", "Conv2DTranspose": "conv2d_transpose",
		"SimpleRNN": "simple_rnn", "ConvLSTM2D": "conv_lstm2d", "DepthwiseConv1D": "depthwise_conv1d", "HeNormal": "he_normal",
		"BinaryIoU": "binary_io_u", "OneHotMeanIoU": "one_hot_mean_io_u", "R2Score": "r2_score", "F1Score": "f1_score", "": "", "A": "a",
		"ScheduleFreeAdamW": "schedule_free_adam_w", "STFTInitializer": "stft_initializer", "RNN": "rnn", "UpSampling2D": "up_sampling2d",
	} {
		if got := SnakeCase(class); got != want {
			t.Errorf("SnakeCase(%q) = %q, want %q", class, got, want)
		}
	}
}
