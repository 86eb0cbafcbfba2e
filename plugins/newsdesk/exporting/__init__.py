"""The analysts' tables as files, by day: what changed since the last export is written anew."""
