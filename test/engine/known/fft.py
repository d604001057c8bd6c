"""Known numbers of Fourier transforms and frames: PyTorch's with its gradients, SciPy's windows.

    python3 test/engine/known/fft.py

writes fft.json beside this file.
"""

import numpy as np
import scipy.signal
import torch

from kit import case, normal, save


def numbers(*shape):
    return normal(*shape) + 1j * normal(*shape)


for name, fn, shapes in [
    ("fft", torch.fft.fft, [(2, 4), (3,), (1,), (17,), (12,), (26,), (2, 3, 5)]),
    ("ifft", torch.fft.ifft, [(2, 4), (19,), (14,)]),
    ("fft2d", torch.fft.fft2, [(2, 3, 4), (5, 1)]),
    ("ifft2d", torch.fft.ifft2, [(2, 3, 4)]),
    ("fft3d", lambda x: torch.fft.fftn(x, dim=(-3, -2, -1)), [(2, 3, 2, 2)]),
    ("ifft3d", lambda x: torch.fft.ifftn(x, dim=(-3, -2, -1)), [(3, 2, 2)]),
]:
    for shape in shapes:
        case(name, fn, x=numbers(*shape))
case("fft", torch.fft.fft, x=normal(2, 6))
for n in [1, 2, 5, 8]:
    case("rfft", torch.fft.rfft, x=normal(2, n))
for n in [4, 9]:
    case("rfft", lambda x: torch.fft.rfft(x, n), n, x=normal(6))
case("irfft", torch.fft.irfft, x=numbers(2, 5))
for n in [5, 6, 9, 12]:
    case("irfft", lambda x: torch.fft.irfft(x, n), n, x=numbers(5))
case("frame", lambda x: x.unfold(-1, 4, 3), 4, 3, signal=normal(2, 12))
case(
    "overlapAndAdd",
    lambda x: torch.nn.functional.fold(
        x.transpose(-1, -2), (1, 13), (1, 4), stride=(1, 3)
    ).reshape(2, 13),
    3,
    frames=normal(2, 4, 4),
)
for name, window in {"hannWindow": "hann", "hammingWindow": "hamming"}.items():
    for n in [8, 5]:
        # Of an odd length TensorFlow's are those that end as they begin.
        case(name, lambda: scipy.signal.get_window(window, n, fftbins=n % 2 == 0), n, "f64", grad=False)
case(
    "stft",
    lambda x: torch.stft(x, 8, 3, window=torch.hann_window(8), center=False, return_complex=True).transpose(-1, -2),
    8, 3, signal=normal(2, 24),
)

save(__file__)
