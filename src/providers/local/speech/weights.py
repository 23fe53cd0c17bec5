"""Reads the tensors of a legacy torch checkpoint without torch, and without running anything that is inside it."""
import collections
import pickle

import numpy as np

# The only names that a file of plain float tensors needs. `pickle.load` would import and call whatever it names.
STORAGES = {"FloatStorage": np.dtype("<f4"), "DoubleStorage": np.dtype("<f8"), "LongStorage": np.dtype("<i8")}


def _tensor(storage, offset, size, stride, *_unused):
    return storage, offset, tuple(size), tuple(stride)


class _SafeUnpickler(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in STORAGES:
            return name
        raise pickle.UnpicklingError(f"refused: {module}.{name}")

    def persistent_load(self, pid):
        _kind, dtype_name, key = pid[0], pid[1], pid[2]
        return dtype_name, key


def read_state(path):
    """`{name: ndarray}` of the checkpoint's `model_state` (or of the state dict itself)."""
    with open(path, "rb") as file:
        load = lambda: _SafeUnpickler(file).load()  # noqa: E731
        _magic, _protocol, _system = load(), load(), load()
        saved, keys = load(), load()
        state = saved.get("model_state", saved)
        dtypes = {ref[0][1]: STORAGES[ref[0][0]] for ref in _tensors(saved)}
        storages = {key: _read_storage(file, dtypes[key]) for key in keys}
    return {name: _view(storages, ref) for name, ref in state.items()}


def _tensors(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _tensors(inner)
    elif isinstance(value, (list, tuple)):
        if len(value) == 4 and isinstance(value[0], tuple):
            yield value
        else:
            for inner in value:
                yield from _tensors(inner)


def _read_storage(file, dtype):
    count = int(np.frombuffer(file.read(8), "<i8")[0])
    return np.frombuffer(file.read(count * dtype.itemsize), dtype)


def _view(storages, ref):
    (_dtype, key), offset, size, stride = ref
    flat = storages[key][offset:]
    if not size:
        return flat[0]
    last = sum((n - 1) * s for n, s in zip(size, stride))
    if last >= flat.size:
        raise ValueError("a tensor reaches beyond its storage")
    return np.lib.stride_tricks.as_strided(flat, size, [s * flat.itemsize for s in stride]).astype(np.float32)
