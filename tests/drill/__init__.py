"""Long fault drills on real processes: `make drill`, never part of the suite."""
