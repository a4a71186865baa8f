"""Draws weights for network.json's network with the names, the order of axes and the formulas that Keras documents, and
evaluates it with NumPy in float64, to keras.safetensors and keras.json:

    Conv2D              kernel (height, width, inputs, filters), channels last, padding "same" or "valid"
    BatchNormalization  gamma·(x − moving_mean) / sqrt(moving_variance + epsilon) + beta
    Flatten             (height, width, channels) row by row
    Dense               x·kernel + bias, kernel (inputs, units)

    pip install numpy safetensors && python3 test/oracles/imported/keras_network.py
"""
import json
import pathlib

import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
random = np.random.default_rng(1)
weights = {}


def draw(name, *shape, around=0.0):
    fan = np.prod(shape[:-1]) if len(shape) > 1 else 25
    weights[name] = (around + random.normal(size=shape) / np.sqrt(fan)).astype('f4')
    return weights[name].astype('f8')


def conv(x, name, filters, bias=True, stride=1, pad=1):
    kernel = draw(f'{name}/kernel', 3, 3, x.shape[-1], filters)
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    size = (x.shape[1] - 3) // stride + 1
    y = np.zeros((len(x), size, size, filters))
    for row in range(size):
        for column in range(size):
            window = x[:, row * stride:row * stride + 3, column * stride:column * stride + 3]
            y[:, row, column] = np.einsum('bhwc,hwcf->bf', window, kernel)
    return y + draw(f'{name}/bias', filters) if bias else y


def norm(x, name):
    gamma, beta = draw(f'{name}/gamma', x.shape[-1], around=1), draw(f'{name}/beta', x.shape[-1])
    mean = draw(f'{name}/moving_mean', x.shape[-1])
    variance = draw(f'{name}/moving_variance', x.shape[-1], around=1)
    assert (variance > 0).all()
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


def dense(x, name, units):
    kernel = draw(f'{name}/kernel', x.shape[-1], units)
    return x @ kernel + draw(f'{name}/bias', units)


relu = lambda x: np.maximum(x, 0)
pool = lambda x: x.reshape(len(x), x.shape[1] // 2, 2, x.shape[2] // 2, 2, x.shape[3]).max((2, 4))

i = np.arange(12 * 784)
pixels = (i * 7919 + i * i * 31) % 256
x = pixels.reshape(12, 28, 28, 1) / 255
small = pool(relu(norm(conv(x, 'sequential/conv2d', 6, bias=False), 'sequential/batch_normalization')))
joined = relu(small + norm(conv(small, 'sequential/conv2d_1', 6), 'sequential/batch_normalization_1'))
last = np.tanh(conv(joined, 'sequential/conv2d_2', 5, stride=2, pad=0))
h = norm(last.reshape(12, -1), 'sequential/batch_normalization_2')
for n in ['dense_9', 'dense_10', 'dense_11']:
    h = relu(dense(h, f'sequential/{n}', 16))
z = dense(h, 'sequential/dense_12', 10)
p = np.exp(z - z.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
save_file(weights, here / 'keras.safetensors')
(here / 'keras.json').write_text(json.dumps({'probabilities': [[round(v, 9) for v in row] for row in p.tolist()]}) + '\n')
