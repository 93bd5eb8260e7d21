"""Keep a parser that was talked into something from doing anything with it.

``layers.Layers`` is prepared once in the zygote and entered by every child right after the
fork; ``seccomp`` and ``landlock`` are two of its layers, ``kernel`` the bare system calls.
"""
