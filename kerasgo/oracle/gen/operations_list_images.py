"""Expressions that operations.py records, as operations_list.py has them: images."""

F, P, U, I, K, B, V = "f", "p", "u", "i", "k", "b", "v"
RGB = (V, 4, 5, 3)

# Of affine_transform and perspective_transform TensorFlow's gradient is an approximation, of
# hsv_to_rgb it has none, and map_coordinates counts the modes mirror and reflect wrongly there.
CASES = [
    ("ops.image.resize(x, (6, 3))", RGB),
    ("ops.image.resize(x, (2, 9), interpolation='bicubic', antialias=True)", RGB),
    ("ops.image.resize(x, (3, 4), interpolation='nearest', data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.resize(x, (6, 6), crop_to_aspect_ratio=True)", RGB),
    ("ops.image.resize(x, (6, 6), pad_to_aspect_ratio=True, fill_value=0.5)", RGB),
    ("ops.image.resize(x[0], (6, 3), interpolation='lanczos3')", RGB),
    ("ops.image.affine_transform(ops.stop_gradient(x), np.array([[1.1, .2, -.3, -.1, .9, .4, 0, 0]], 'float32'))", RGB),
    ("ops.image.affine_transform(ops.stop_gradient(x)[0], np.array([1.1, .2, -.3, -.1, .9, .4, 0, 0], 'float32'), interpolation='nearest', fill_mode='reflect')", RGB),
    ("ops.image.affine_transform(ops.stop_gradient(x), np.array([[1, 0, 1.3, 0, 1, .4, 0, 0]], 'float32'), fill_value=0.3, data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.map_coordinates(x, ops.stack([ops.sum(y, 0), ops.sum(z, 0)]), order=1)", (V, 5), (V, 4), (V, 4)),
    ("ops.image.map_coordinates(x, np.array([[0.3, 1.7, 4], [1, 2.2, 0.4]], 'float32'), order=0, fill_mode='nearest')", (V, 5)),
    ("ops.image.map_coordinates(x, np.array([[0.3, -1.7, 4], [1, 2.2, 0.4]], 'float32'), order=1, fill_value=0.5)", (V, 5)),
    ("ops.image.extract_patches(x, 2)", RGB),
    ("ops.image.extract_patches(x, (3, 2), strides=1, padding='same')", RGB),
    ("ops.image.extract_patches(x, 2, strides=(2, 1), data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.extract_patches(x[0], 2, dilation_rate=2, strides=1)", RGB),
    ("ops.image.pad_images(x, 1, 2, 0, 1)", RGB),
    ("ops.image.pad_images(x, top_padding=1, left_padding=2, target_height=7, target_width=8)", RGB),
    ("ops.image.pad_images(x, bottom_padding=1, right_padding=0, target_height=7, target_width=8, data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.crop_images(x, 1, 2, 0, 1)", RGB),
    ("ops.image.crop_images(x, top_cropping=1, left_cropping=2, target_height=2, target_width=2)", RGB),
    ("ops.image.crop_images(x[0], bottom_cropping=1, right_cropping=1, target_height=2, target_width=2)", RGB),
    ("ops.image.rgb_to_grayscale(x)", RGB),
    ("ops.image.rgb_to_grayscale(x, data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.rgb_to_hsv(x)", RGB),
    ("ops.image.rgb_to_hsv(x[0], data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.hsv_to_rgb(ops.stop_gradient(x))", RGB),
    ("ops.image.gaussian_blur(x)", RGB),
    ("ops.image.gaussian_blur(x, kernel_size=(3, 5), sigma=(1.5, 0.7))", RGB),
    ("ops.image.gaussian_blur(x, data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.perspective_transform(ops.stop_gradient(x), np.array([[[0, 0], [4, 0], [0, 3], [4, 3]]], 'float32'), np.array([[[.4, .3], [4.2, 0], [.1, 2.7], [3.6, 3.1]]], 'float32'))", RGB),
    ("ops.image.perspective_transform(ops.stop_gradient(x)[0], np.array([[0, 0], [4, 0], [0, 3], [4, 3]], 'float32'), np.array([[.4, .3], [4.2, 0], [.1, 2.7], [3.6, 3.1]], 'float32'), interpolation='nearest', fill_value=0.4)", RGB),
    ("ops.image.sobel_edges(x)", RGB),
    ("ops.image.sobel_edges(x, data_format='channels_first')", (V, 3, 4, 5)),
    ("ops.image.scale_and_translate(ops.sum(x, 0), (2, 6, 7, 3), np.array([1.5, 0.8], 'float32'), np.array([-0.4, 0.6], 'float32'), (1, 2), 'linear')", (V, 2, 4, 5, 3)),
    ("ops.image.scale_and_translate(ops.sum(x, 0), (2, 3, 5, 3), np.array([0.5], 'float32'), np.array([0.3], 'float32'), (1,), 'cubic', antialias=False)", (V, 2, 4, 5, 3)),
    ("ops.image.scale_and_translate(ops.sum(x, 0), (2, 3, 5, 3), np.array([0.5], 'float32'), np.array([0.3], 'float32'), (1,), 'lanczos3')", (V, 2, 4, 5, 3)),
    ("ops.image.ssim(x, y, filter_size=3)", RGB, RGB),
    ("ops.image.ssim(x, y, max_val=2.0, filter_size=4, filter_sigma=1.0, k1=0.02, k2=0.05)", (V, 6, 5, 2), (V, 6, 5, 2)),
]
