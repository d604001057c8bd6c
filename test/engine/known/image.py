"""Known numbers of images: other sizes, samples, boxes.

    python3 test/engine/known/image.py

writes image.json beside this file.
"""

import numpy as np
import torch
import torch.nn.functional as F

from kit import case, normal, random, save


def first(x):
    return x.movedim(-1, 1)


def last(x):
    return x.movedim(1, -1)


def size(h, w, mode, **how):
    return lambda x: last(F.interpolate(first(x), size=(h, w), mode=mode, **how))


for shape, h, w in (((2, 3, 4, 2), 5, 7), ((1, 5, 4, 1), 2, 3), ((1, 1, 3, 1), 2, 1), ((1, 2, 2, 1), 2, 2)):
    x = normal(*shape)
    case("resizeBilinear", size(h, w, "bilinear", align_corners=True), [h, w], True, images=x)
    case("resizeBilinear", size(h, w, "bilinear"), [h, w], False, True, images=x)
    case("resizeBicubic", size(h, w, "bicubic", align_corners=True), [h, w], True, images=x)
    case("resizeBicubic", size(h, w, "bicubic"), [h, w], False, True, images=x)
    case("resizeNearestNeighbor", size(h, w, "nearest"), [h, w], images=x)
    case("resizeNearestNeighbor", size(h, w, "nearest-exact"), [h, w], False, True, images=x)
# TensorFlow's own examples, whose centres lie at whole numbers.
square = np.array([1.0, 2.0, 3.0, 4.0]).reshape(1, 2, 2, 1)
third = np.array([1, 5 / 3, 2, 7 / 3, 3, 10 / 3, 3, 11 / 3, 4]).reshape(1, 3, 3, 1)
case("resizeBilinear", lambda x: third, [3, 3], images=square, grad=False)
case("resizeNearestNeighbor", lambda x: np.array([1.0, 2, 2, 3, 4, 4, 3, 4, 4]).reshape(1, 3, 3, 1), [3, 3], True, images=square, grad=False)


def crop(h, w):
    """Inside of the image it is a sample of a grid."""

    def cut(image, boxes, at):
        y1, x1, y2, x2 = boxes.unbind(1)
        steps = lambda a, b, n: a[:, None] + (b - a)[:, None] * (torch.arange(n) / (n - 1) if n > 1 else torch.tensor([0.5]))
        y, x = steps(y1, y2, h), steps(x1, x2, w)
        n = len(boxes)
        grid = torch.stack([x[:, None, :].expand(n, h, w), y[:, :, None].expand(n, h, w)], -1) * 2 - 1
        return last(F.grid_sample(first(image)[at.long()], grid, align_corners=True))

    return cut


boxes = np.array([[0.1, 0.2, 0.8, 0.9], [0.9, 0.3, 0.2, 0.6]])
for h, w in (3, 4), (1, 2):
    case("cropAndResize", crop(h, w), [h, w], image=normal(2, 4, 5, 2), boxes=boxes, boxInd=np.array([1, 0], dtype=np.int32))

for mode in "bilinear", "nearest", "bicubic":
    for padding in "zeros", "border", "reflection":
        for align in True, False:
            grid = random.uniform(-1.7, 1.7, size=(2, 2, 3, 2))
            case(
                "gridSample",
                lambda x, g: last(F.grid_sample(first(x), g, mode, padding, align)),
                mode, padding, align,
                x=normal(2, 3, 4, 2), grid=grid, grad=mode != "nearest",
            )

# TensorFlow.js's own examples of suppression.
boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11], [0, 10.1, 1, 11.1], [0, 100, 1, 101]])
scores = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3])
chosen = lambda *list: lambda b, s: np.array(list, dtype=np.int32)
case("nonMaxSuppression", chosen(3, 0, 5), 3, 0.5, boxes=boxes, scores=scores, grad=False)
case("nonMaxSuppression", chosen(3, 0), 2, 0.5, boxes=boxes, scores=scores, grad=False)
case("nonMaxSuppression", chosen(3, 0), 3, 0.5, 0.4, boxes=boxes, scores=scores, grad=False)
case("nonMaxSuppression", chosen(0), 3, 0.5, boxes=np.tile([0.0, 0, 1, 1], (10, 1)), scores=np.full(10, 0.9), grad=False)
# Each score is multiplied by exp(-iou^2 / (2 sigma)) for every box that is taken before it.
shift = lambda d: np.exp(-(((1 - d) / (1 + d)) ** 2) / (2 * 0.5))
soft = np.array([0.95, 0.9, 0.75 * shift(0.1), 0.3, 0.5 * shift(0.1), 0.6 * shift(0.1) * shift(0.2)], dtype=np.float32)
case(
    "nonMaxSuppressionWithScore",
    lambda b, s: (torch.tensor([3, 0, 1, 5, 4, 2], dtype=torch.int32), torch.tensor(soft)),
    6, 1.0, 0.0, 0.5,
    boxes=boxes, scores=scores, grad=False,
)

save(__file__)
