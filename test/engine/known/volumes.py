"""Known numbers of convolutions and pools of sequences and volumes, and of what neighbours them.

    python3 test/engine/known/volumes.py

writes volumes.json beside this file. PyTorch has channels second and filters
`[out, in, ..window]`: the scripts turn both.
"""

import numpy as np
import torch
import torch.nn.functional as F

from kit import case, nan, normal, random, save


def first(x):
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


def weights(filter):
    return filter.permute(4, 3, 0, 1, 2)


x, filter = normal(2, 4, 3, 4, 2), normal(2, 3, 2, 2, 3)
case("conv3d", lambda x, w: last(F.conv3d(first(x), weights(w))), x=x, filter=filter)
case("conv3d", lambda x, w: last(F.conv3d(first(x), weights(w), stride=2, padding=1)), 2, 1, x=x, filter=filter)
case(
    "conv3d",
    lambda x, w: F.conv3d(x, weights(w), dilation=(1, 2, 1), groups=2),
    1, "valid", "NCDHW", [1, 2, 1], "floor", 2,
    x=normal(1, 4, 3, 4, 2), filter=normal(2, 2, 2, 2, 2),
)
case(
    "conv3dTranspose",
    lambda x, w: last(F.conv_transpose3d(first(x), weights(w), stride=2)),
    [1, 4, 5, 3, 2], 2,
    x=normal(1, 2, 2, 1, 3), filter=normal(2, 3, 3, 2, 3),
)
case(
    "conv3dBackpropFilter",
    lambda x, g: torch.nn.grad.conv3d_weight(first(x), (3, 2, 2, 2, 2), first(g)).permute(2, 3, 4, 1, 0),
    [2, 2, 2, 2, 3],
    x=normal(2, 3, 3, 3, 2), g=normal(2, 2, 2, 2, 3), grad=False,
)
case(
    "separableConv2d",
    lambda x, a, b: last(F.conv2d(F.conv2d(first(x), a.permute(2, 3, 0, 1).reshape(4, 1, 3, 3), groups=2, stride=2, padding=1), b.permute(3, 2, 0, 1))),
    2, 1,
    x=normal(1, 5, 5, 2), depthwiseFilter=normal(3, 3, 2, 2), pointwiseFilter=normal(1, 1, 4, 3),
)

# Pools. Windows of ties and of not-a-number, too.
ties = random.integers(0, 3, size=(1, 4, 4, 3, 2)).astype(float)
holes = ties.copy()
holes[0, 1, 2, 1, 0] = nan
for volume in ties, normal(2, 4, 3, 4, 1):
    case("maxPool3d", lambda x: last(F.max_pool3d(first(x), 2, 1)), 2, 1, x=volume)
case("maxPool3d", lambda x: last(F.max_pool3d(first(x), 2, 2)), 2, x=holes, grad=False)
case("maxPool3d", lambda x: last(F.max_pool3d(first(x), (3, 2, 2), 2, 1, ceil_mode=True)), [3, 2, 2], 2, 1, "ceil", x=normal(1, 5, 4, 4, 1))
case("maxPool3d", lambda x: F.max_pool3d(x, 2, 1, dilation=(1, 2, 1)), 2, 1, 0, "floor", "NCDHW", [1, 2, 1], x=normal(1, 2, 3, 4, 2))
case("avgPool3d", lambda x: last(F.avg_pool3d(first(x), 2, 1)), 2, 1, x=normal(2, 4, 3, 4, 1))
for count in True, False:
    case(
        "avgPool3d",
        lambda x: last(F.avg_pool3d(first(x), (3, 2, 2), 2, 1, ceil_mode=True, count_include_pad=count)),
        [3, 2, 2], 2, 1, "ceil", "NDHWC", count,
        x=normal(1, 5, 4, 4, 1),
    )
case("maxPool1d", lambda x: last(F.max_pool1d(first(x), 3, 2, 1)), 3, 2, 1, x=normal(2, 7, 2))
case("maxPool1d", lambda x: F.max_pool1d(x, 2), 2, 2, 0, "floor", "NCW", x=normal(2, 2, 5))
case("avgPool1d", lambda x: last(F.avg_pool1d(first(x), 3, 2, 1)), 3, 2, 1, "floor", "NWC", True, x=normal(2, 7, 2))
case("globalAvgPool", lambda x: x.mean((1, 2)), x=normal(2, 3, 4, 2))
case("globalMaxPool", lambda x: x.amax((2, 3), keepdim=True), "NCHW", True, x=normal(2, 3, 4, 2))
case("adaptiveAvgPool", lambda x: last(F.adaptive_avg_pool2d(first(x), (3, 2))), [3, 2], x=normal(2, 5, 4, 2))
case("adaptiveAvgPool", lambda x: F.adaptive_avg_pool2d(x, 7), 7, "NCHW", x=normal(1, 2, 5, 4))
case("adaptiveAvgPool", lambda x: F.adaptive_avg_pool1d(x, 3), 3, "NCHW", x=normal(1, 2, 8))
case("adaptiveAvgPool", lambda x: last(F.adaptive_avg_pool3d(first(x), (2, 1, 3))), [2, 1, 3], x=normal(1, 3, 4, 5, 2))

case(
    "instanceNorm",
    lambda x, a, b: last(F.instance_norm(first(x), weight=a, bias=b)),
    x=normal(2, 3, 4, 2), scale=normal(2), offset=normal(2),
)
case("instanceNorm", lambda x: F.instance_norm(x, eps=0.1), 0.1, "NCHW", x=normal(2, 3, 5))
# PyTorch's alpha is divided by the size of the window.
case("localResponseNormalization", lambda x: last(F.local_response_norm(first(x), 3, 3 * 1.0, 0.5, 1.0)), 1, x=normal(2, 3, 3, 5))
case("localResponseNormalization", lambda x: last(F.local_response_norm(first(x), 5, 5 * 0.2, 0.75, 2.0)), 2, 2, 0.2, 0.75, x=normal(2, 3, 3, 4))
case("embedding", lambda t, i: F.embedding(i, t), table=normal(5, 3), indices=np.array([[0, 4, 4], [1, 0, 4]]))

save(__file__)
