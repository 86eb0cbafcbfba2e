"""Article extractors beside each other: the tools, the process each runs in, the measure, the chart."""
