# SPDX-License-Identifier: MIT
"""What ./dev bench measures, and how it is shown."""
