# SPDX-License-Identifier: MIT
"""Guests with real kernels, and the roots in which the code is built for them."""
