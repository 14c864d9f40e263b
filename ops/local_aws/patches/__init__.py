"""What makes ministack strict and complete enough for drills; installed by ``launcher.py``."""
