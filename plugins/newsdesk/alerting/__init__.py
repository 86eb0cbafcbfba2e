"""What a person is told, and how: checks of each source, alerts from opening to closing, the channels, the digest.

facts       what is known of a source; problem: what a check says of it
supply      do its articles arrive, beside its own weeks (baselines); content: are they what they should be
letters     what is told, in words; telling: to whom, once; channels: by which way; digest: the day in one letter
"""
