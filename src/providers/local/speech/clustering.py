"""Groups voice embeddings when nobody has told how many voices there are."""
import numpy as np


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-6)


def average_linkage(vectors, cut):
    """A group number for each unit vector: the closest two groups merge until none are closer than `cut` (cosine)."""
    count = len(vectors)
    similarity = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(similarity, -np.inf)
    sizes = np.ones(count)
    group = np.arange(count)
    while count > 1:
        a, b = np.unravel_index(np.argmax(similarity), similarity.shape)
        if similarity[a, b] < cut:
            break
        merged = (similarity[a] * sizes[a] + similarity[b] * sizes[b]) / (sizes[a] + sizes[b])
        merged[[a, b]] = -np.inf
        similarity[a] = similarity[:, a] = merged
        similarity[b] = similarity[:, b] = -np.inf
        sizes[a] += sizes[b]
        group[group == b] = a
    return np.unique(group, return_inverse=True)[1]


def smooth_path(scores, switch_cost):
    """The best sequence of voices for a row of scores per window, when each change of voice costs `switch_cost`."""
    best = scores[0].copy()
    came_from = np.zeros(scores.shape, int)
    for t in range(1, len(scores)):
        top = int(np.argmax(best))
        switched = best[top] - switch_cost > best
        came_from[t] = np.where(switched, top, np.arange(scores.shape[1]))
        best = np.where(switched, best[top] - switch_cost, best) + scores[t]
    path = [int(np.argmax(best))]
    for t in range(len(scores) - 1, 0, -1):
        path.append(int(came_from[t][path[-1]]))
    return path[::-1]
