"""How far to trust the answers: gold questions, metrics, reports and benchmarks."""
