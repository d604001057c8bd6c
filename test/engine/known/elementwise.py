"""Known numbers of functions of one element and of two.

    python3 test/engine/known/elementwise.py

writes elementwise.json beside this file.
"""

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from kit import case, inf, nan, normal, positive, random, save


def unit(*shape):
    return random.uniform(-0.95, 0.95, size=shape)


ends = np.array([-inf, -3.0, -1.0, -0.0, 0.0, 1e-300, 1.0, 700.0, inf, nan])


def outside(name, fn, *args, x):
    """Numbers from NumPy or SciPy, without gradients."""
    case(name, lambda t: fn(t.numpy()), *args, grad=False, x=x)


np.seterr(all="ignore")
for name, fn in {
    "exp2": torch.exp2,
    "asin": torch.asin,
    "acos": torch.acos,
    "atan": torch.atan,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "asinh": torch.asinh,
    "atanh": torch.atanh,
    "erfc": torch.erfc,
    "erfinv": torch.erfinv,
    "logSigmoid": F.logsigmoid,
}.items():
    case(name, fn, x=unit(2, 3))
for name, fn in {"log2": torch.log2, "log10": torch.log10, "lgamma": torch.lgamma}.items():
    case(name, fn, x=positive(2, 3))
case("acosh", torch.acosh, x=1 + positive(2, 3))
case("cbrt", lambda x: x.sign() * x.abs() ** (1 / 3), x=normal(2, 3))
for name, fn in {
    "cbrt": np.cbrt,
    "exp2": np.exp2,
    "log2": np.log2,
    "log10": np.log10,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "erfc": scipy.special.erfc,
    "erfinv": scipy.special.erfinv,
    "lgamma": scipy.special.gammaln,
    "trunc": np.trunc,
}.items():
    outside(name, fn, x=ends)
    if name not in ("asin", "acos", "atanh", "erfinv"):
        outside(name, fn, x=np.array([0.3, 1.46, 2.5, 9.5, 25.0, 1e5]))
outside("lgamma", scipy.special.gammaln, x=np.array([-0.5, -1.5, -3.7, -150.2, 1e300]))
digammas = np.array([-150.2, -3.7, -0.5, 1e-10, 1.46163214, 2.0, 9.99, 10.0, 1e10, inf])
outside("digamma", scipy.special.psi, x=digammas)
case("digamma", torch.digamma, grad=False, x=np.array([0.0, -0.0, -1.0, -2.0, nan, -inf]))
for n in (0, 1, 2, 5):
    outside("polygamma", lambda x, n=n: scipy.special.polygamma(n, x), n, x=np.array([0.1, 1.0, 2.5, 30.0, 1e5]))
outside("erfc", scipy.special.erfc, x=np.array([-5.0, 0.4, 0.6, 3.0, 10.0, 26.0]))
outside("logSigmoid", lambda x: scipy.special.log_expit(x), x=np.array([-800.0, -40.0, 40.0, 800.0]))

# Activations, kinks included.
kinks = np.array([-7.0, -3.0, -1.0, -0.0, 0.0, 1.0, 3.0, 6.0, 7.0])
for name, fn, args in [
    ("relu6", F.relu6, ()),
    ("hardTanh", F.hardtanh, ()),
    ("hardTanh", lambda x: F.hardtanh(x, -2, 6), (-2, 6)),
    ("leakyRelu", lambda x: F.leaky_relu(x, 0.2), ()),
    ("leakyRelu", lambda x: F.leaky_relu(x, -0.5), (-0.5,)),
    ("elu", F.elu, ()),
    ("elu", lambda x: F.elu(x, 1.7), (1.7,)),
    ("celu", F.celu, ()),
    # PyTorch divides by 1.7 in f32, and by 6.
    ("celu", lambda x: torch.where(x > 0, x, 1.7 * torch.expm1(x / 1.7)), (1.7,)),
    ("selu", F.selu, ()),
    ("swish", F.silu, ()),
    ("mish", F.mish, ()),
    ("hardSigmoid", lambda x: torch.where(x.abs() < 3, x / 6 + 0.5, (x > 0).double()), ()),
    ("hardSwish", F.hardswish, ()),
    ("softsign", F.softsign, ()),
]:
    case(name, fn, *args, x=kinks)
    case(name, fn, *args, x=normal(2, 3) * 3)
case("mish", F.mish, x=np.array([-800.0, -40.0, 40.0, 800.0]))
case("elu", F.elu, x=np.array([-800.0, 800.0]))
case("glu", lambda x: F.glu(x, -1), x=normal(2, 4))
case("glu", lambda x: F.glu(x, 0), 0, x=normal(4, 2))
case("prelu", lambda x, a: torch.where(x > 0, x, a * x), x=np.array([[-1.0, 0.0, 2.0], [3.0, -2.0, -0.0]]), alpha=normal(3))

# Functions of two.
left, right = normal(2, 1, 3), positive(4, 1)
for name, fn in {
    "atan2": torch.atan2,
    "hypot": torch.hypot,
    "copySign": lambda x, y: torch.copysign(x, y.detach()),
    "logAddExp": torch.logaddexp,
    "fmod": torch.fmod,
    "remainder": torch.remainder,
}.items():
    case(name, fn, x=left, y=right)
case("xlogy", torch.xlogy, x=left, y=right)
case("divNoNan", torch.div, x=left, y=right)
signs_x, signs_y = np.array([7.0, -7.0, 7.0, -7.0, 6.0]), np.array([3.0, 3.0, -3.0, -3.0, 2.5])
for dtype in ("float64", "int32", "int64"):
    pair = {"x": signs_x.astype(dtype), "y": signs_y.astype(dtype)}
    case("fmod", lambda x, y: np.fmod(x.numpy(), y.numpy()), grad=False, **pair)
    case("remainder", lambda x, y: np.remainder(x.numpy(), y.numpy()), grad=False, **pair)
strange = dict(x=np.array([0.0, -0.0, 0.0, inf, -inf, inf, nan, 1e300]), y=np.array([0.0, -0.0, -1.0, inf, inf, 1.0, 1.0, 1e300]))
for name, fn in {
    "atan2": np.arctan2,
    "hypot": np.hypot,
    "copySign": np.copysign,
    "logAddExp": np.logaddexp,
    "xlogy": scipy.special.xlogy,
    "nextAfter": np.nextafter,
    "fmod": np.fmod,
}.items():
    case(name, lambda x, y, fn=fn: fn(x.numpy(), y.numpy()), grad=False, **strange)
near = dict(x=np.array([1.0, 1.0, -1.0, 0.0, 65504.0, 3.4028234663852886e38]), y=np.array([2.0, 0.0, 0.0, -1.0, inf, inf]))
for dtype in ("float32", "float64"):
    pair = {k: v.astype(dtype) for k, v in near.items()}
    case("nextAfter", lambda x, y: np.nextafter(x.numpy(), y.numpy()), grad=False, **pair)
case(
    "divNoNan",
    lambda x, y: np.array([0.0, 0.0, 0.0, 1.5]),
    x=np.array([0.0, 1.0, nan, 3.0]), y=np.array([0.0, -0.0, 0.0, 2.0]), grad=False,
)
case("xlogy", torch.xlogy, x=np.array([0.0, 2.0]), y=np.array([3.0, 3.0]))
case("lerp", torch.lerp, x=normal(2, 3), y=normal(3), weight=np.array([[0.2], [0.9]]))
case("addN", lambda t: t[0] + t[1] + t[2], tensors=[normal(2, 3), normal(2, 3), normal(2, 3)])

# Bits, and shifts beyond the width.
for dtype in ("int32", "int64", "uint8"):
    info = np.iinfo(dtype)
    x = np.array([info.min, info.max, 5, 77, 100], dtype=dtype)
    y = np.array([1, 3, 255 if dtype == "uint8" else -9, 12, 0], dtype=dtype)
    for name, fn in {"bitwiseAnd": np.bitwise_and, "bitwiseOr": np.bitwise_or, "bitwiseXor": np.bitwise_xor}.items():
        case(name, lambda x, y, fn=fn: fn(x.numpy(), y.numpy()), grad=False, x=x, y=y)
    case("bitwiseNot", lambda x: np.bitwise_not(x.numpy()), grad=False, x=x)
    width = info.bits
    by = np.array([1, width - 1, width, width + 7, 3], dtype=dtype)
    case("leftShift", lambda x, y: np.left_shift(x.numpy(), y.numpy()), grad=False, x=x, y=by)
    case("rightShift", lambda x, y: np.right_shift(x.numpy(), y.numpy()), grad=False, x=x, y=by)
truths = dict(x=np.array([True, True, False, False]), y=np.array([True, False, True, False]))
for name, fn in {"bitwiseAnd": np.bitwise_and, "bitwiseOr": np.bitwise_or, "bitwiseXor": np.bitwise_xor}.items():
    case(name, lambda x, y, fn=fn: fn(x.numpy(), y.numpy()), grad=False, **truths)
case("bitwiseNot", lambda x: np.bitwise_not(x.numpy()), grad=False, x=truths["x"])
case("pow", torch.pow, x=np.array([0.0, 0.0, 0.0, 0.0, 2.0]), y=np.array([-1.0, -0.5, 0.0, 2.0, -inf]))
case("digamma", torch.digamma, x=np.array([inf]))
for n in 1, 2:
    outside("polygamma", lambda x, n=n: scipy.special.polygamma(n, x), n, x=np.array([1e100, 1e150, 1e160, inf]))

save(__file__)
