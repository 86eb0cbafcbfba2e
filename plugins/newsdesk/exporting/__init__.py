"""The analysts' tables as files, by day: what changed since the last export is written anew.

`export` says which days, `formats` how rows become bytes, `folder` where the files are.
"""
