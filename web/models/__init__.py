"""What pages show, read from a store as plain data: functions that a worker calls, and that a static site calls directly."""
