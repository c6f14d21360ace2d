"""COCO's greedy matching and the accumulation of its precision, recall and scores arrays.

The slow, readable twins are in tests/oracle/evaluation.py.
"""

from __future__ import annotations

import numpy as np

from inspector.dataset import Flags, Floats, Offsets, Rows
from inspector.kernels.jit import boolean, float64, int32, int64, kernel, reads, uint8, void, writes
from inspector.outcomes import FALSE_POSITIVE, IGNORED, NO_MATCH, TRUE_POSITIVE, Codes

# numba freezes these at compile time
_TP, _FP, _IGNORED, _NO_MATCH = int(TRUE_POSITIVE), int(FALSE_POSITIVE), int(IGNORED), int(NO_MATCH)


@kernel(void(reads(float64, 2), reads(float64, 2), reads(boolean), writes(float64, 2), writes(float64)))
def pairwise_iou(detections: Floats, objects: Floats, crowd: Flags, iou: Floats, best: Floats) -> None:
    """Intersection over union of each detection with each object, written to `iou` [detections, objects],
    and the highest of each detection, written to `best` [detections].

    For a crowd region the union is the detection's own area. Same operations in the same order as
    `bbIou` of the COCO API's maskApi.c.
    """
    for d in range(detections.shape[0]):
        left, top = detections[d, 0], detections[d, 1]
        right, bottom = detections[d, 2] + left, detections[d, 3] + top
        area = detections[d, 2] * detections[d, 3]
        best[d] = 0.0
        for g in range(objects.shape[0]):
            iou[d, g] = 0.0
            width = min(right, objects[g, 2] + objects[g, 0]) - max(left, objects[g, 0])
            if width <= 0:
                continue
            height = min(bottom, objects[g, 3] + objects[g, 1]) - max(top, objects[g, 1])
            if height <= 0:
                continue
            intersection = width * height
            union = area if crowd[g] else area + objects[g, 2] * objects[g, 3] - intersection
            iou[d, g] = intersection / union
            best[d] = max(best[d], iou[d, g])


@kernel(void(reads(float64), reads(boolean), float64, float64, writes(boolean), writes(int64)))
def ignored_last(
    areas: Floats, crowd: Flags, low: float, high: float, ignored: Flags, visit: Offsets
) -> None:
    """Which objects do not count in a size range, and all of them in order, those that count first."""
    counted = 0
    for g in range(areas.shape[0]):
        ignored[g] = crowd[g] or areas[g] < low or areas[g] > high
        if not ignored[g]:
            visit[counted] = g
            counted += 1
    for g in range(areas.shape[0]):
        if ignored[g]:
            visit[counted] = g
            counted += 1


@kernel(void(reads(float64, 2), reads(float64, 2), writes(uint8, 3)))
def fill_unmatched(detections: Floats, size_limits: Floats, codes: Codes) -> None:
    """What becomes of each detection if it matches nothing: a false positive, or ignored for its size."""
    for d in range(detections.shape[0]):
        size = detections[d, 2] * detections[d, 3]
        for a in range(size_limits.shape[0]):
            outside = size < size_limits[a, 0] or size > size_limits[a, 1]
            codes[d, a, :] = _IGNORED if outside else _FP


@kernel(
    int64(reads(float64, 2), int64, reads(boolean), reads(boolean), reads(boolean), reads(int64), float64)
)
def best_object(
    iou: Floats, d: int, ignored: Flags, crowd: Flags, taken: Flags, visit: Offsets, least: float
) -> int:
    """The object that detection `d` takes with an IoU of at `least` this, or NO_MATCH.

    `visit` lists the objects with the ignored ones last; among equals the last one wins, a counted object
    is never given up for an ignored one, and only crowd regions can be taken twice.
    """
    found = _NO_MATCH
    for g in visit:
        if taken[g] and not crowd[g]:
            continue
        if found != _NO_MATCH and not ignored[found] and ignored[g]:
            break
        if iou[d, g] < least:
            continue
        least = iou[d, g]
        found = g
    return found


@kernel(
    int64(
        reads(int64, 2),
        reads(float64, 2),
        reads(float64),
        reads(boolean),
        reads(float64, 2),
        reads(float64),
        reads(float64, 2),
        int64,
        int64,
        writes(uint8, 3),
        writes(int32, 2),
        writes(int32, 2),
    )
)
def match_groups(
    groups: Offsets,
    object_boxes: Floats,
    object_areas: Floats,
    object_crowd: Flags,
    detection_boxes: Floats,
    iou_thresholds: Floats,
    size_limits: Floats,
    max_dets: int,
    first: int,
    codes: Codes,
    matches: Rows,
    object_matches: Rows,
) -> int:
    """Match each group, the objects and detections of one class on one image.

    `groups` int64 [groups, 4]: first and end row of its objects, first and end row of its detections (in
    descending score). Writes `codes` uint8 [evaluated detections of the class, size ranges, IoU thresholds]
    from position `first` on, and, for the first size range, `matches` int32 [IoU thresholds, detections] and
    `object_matches` int32 [IoU thresholds, objects]. Returns the position after the last one written.
    """
    at = first
    for n in range(groups.shape[0]):
        g0, g1, d0, d1 = groups[n, 0], groups[n, 1], groups[n, 2], groups[n, 3]
        d1 = min(d1, d0 + max_dets)
        fill_unmatched(detection_boxes[d0:d1], size_limits, codes[at : at + d1 - d0])
        if d1 > d0 and g1 > g0:
            objects, crowd = g1 - g0, object_crowd[g0:g1]
            iou = np.empty((d1 - d0, objects), dtype=np.float64)
            best = np.empty(d1 - d0, dtype=np.float64)
            pairwise_iou(detection_boxes[d0:d1], object_boxes[g0:g1], crowd, iou, best)
            ignored = np.empty(objects, dtype=np.bool_)
            taken = np.empty(objects, dtype=np.bool_)
            visit = np.empty(objects, dtype=np.int64)
            for a in range(size_limits.shape[0]):
                ignored_last(object_areas[g0:g1], crowd, size_limits[a, 0], size_limits[a, 1], ignored, visit)
                for t in range(iou_thresholds.shape[0]):
                    taken[:] = False
                    least = min(iou_thresholds[t], 1 - 1e-10)
                    for d in range(d1 - d0):
                        if best[d] < least:  # most detections: not worth a call
                            continue
                        g = best_object(iou, d, ignored, crowd, taken, visit, least)
                        if g == _NO_MATCH:
                            continue
                        taken[g] = True
                        codes[at + d, a, t] = _IGNORED if ignored[g] else _TP
                        if a == 0:
                            matches[t, d0 + d] = g0 + g
                            object_matches[t, g0 + g] = d0 + d
        at += d1 - d0
    return at


@kernel(
    void(
        reads(uint8, 3),
        reads(int32),
        reads(float64),
        reads(int64),
        reads(int64),
        reads(float64),
        writes(float64, 4, "A"),
        writes(float64, 3, "A"),
        writes(float64, 4, "A"),
    )
)
def accumulate_class(
    codes: Codes,
    ranks: Rows,
    scores: Floats,
    positives: Offsets,
    max_dets: Offsets,
    recall_thresholds: Floats,
    precision_out: Floats,
    recall_out: Floats,
    scores_out: Floats,
) -> None:
    """Precision at fixed recalls for one class, as `accumulate` of the COCO API's cocoeval.py computes it.

    In descending score: `codes` uint8 [detections, size ranges, IoU thresholds], `ranks` int32 [detections]
    (position by score on its image) and `scores` float64 [detections]. `positives` int64 [size ranges]:
    objects that count. Writes precision and scores [IoU thresholds, recall thresholds, size ranges, max_dets]
    and recall [IoU thresholds, size ranges, max_dets].

    Recall rises only at a true positive, and between two of them precision never rises; so the envelope and
    the first detection that reaches a recall need only the true positives.
    """
    n_sizes, n_ious = codes.shape[1], codes.shape[2]
    precision = np.empty(codes.shape[0] + 1, dtype=np.float64)
    score_at = np.empty(codes.shape[0] + 1, dtype=np.float64)
    for a in range(n_sizes):
        if positives[a] == 0:
            continue
        for m in range(max_dets.shape[0]):
            for t in range(n_ious):
                tp, fp, seen = 0, 0, 0
                best_score = 0.0
                for row in range(codes.shape[0]):
                    if ranks[row] >= max_dets[m]:
                        continue
                    if seen == 0:
                        best_score = scores[row]
                    seen += 1
                    code = codes[row, a, t]
                    if code == _TP:
                        tp += 1
                        # 2**-52 is np.spacing(1), which the COCO API adds to avoid 0 / 0
                        precision[tp] = tp / (float(fp) + float(tp) + 2.0**-52)
                        score_at[tp] = scores[row]
                    elif code == _FP:
                        fp += 1
                for c in range(tp - 1, 0, -1):
                    precision[c] = max(precision[c], precision[c + 1])
                recall_out[t, a, m] = tp / positives[a] if seen else 0.0
                c = 1
                for r in range(recall_thresholds.shape[0]):
                    precision_out[t, r, a, m] = 0.0
                    scores_out[t, r, a, m] = 0.0
                    if recall_thresholds[r] <= 0:
                        # recall 0 is reached by the first detection, whatever its outcome
                        if seen:
                            precision_out[t, r, a, m] = precision[1] if tp else 0.0
                            scores_out[t, r, a, m] = best_score
                        continue
                    while c <= tp and c / positives[a] < recall_thresholds[r]:
                        c += 1
                    if c <= tp:
                        precision_out[t, r, a, m] = precision[c]
                        scores_out[t, r, a, m] = score_at[c]
