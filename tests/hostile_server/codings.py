"""Content-Encoding, true, false and damaged."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

import brotli
from backports import zstd

from hostile_server.server import PAGE, Answer, Request, bomb, reply, scene
from newsdesk.model import Outcome


@scene("/gzip")
def gzip_page(request: Request) -> Answer:
    return reply(gzip.compress(PAGE), "Content-Encoding: gzip")


@scene("/gzip-members")
def gzip_of_several_members(request: Request) -> Answer:
    return reply(gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "Content-Encoding: x-gzip")


@scene("/gzip-twice")
def gzip_twice(request: Request) -> Answer:
    return reply(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip, gzip")


@scene("/gzip-garbage-behind")
def garbage_behind_the_gzip(request: Request) -> Answer:
    return reply(gzip.compress(PAGE) + b"\0" * 50 + b"<!-- cached -->", "Content-Encoding: gzip")


@scene("/gzip-says-plain")
def says_gzip_sends_plain(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: gzip")


@scene("/gzip-empty", body=b"")
def says_gzip_sends_nothing(request: Request) -> Answer:
    return reply(b"", "Content-Encoding: gzip")


@scene("/deflate")
def deflate_as_zlib(request: Request) -> Answer:
    return reply(zlib.compress(PAGE), "Content-Encoding: deflate")


@scene("/deflate-raw")
def raw_deflate(request: Request) -> Answer:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return reply(stream.compress(PAGE) + stream.flush(), "Content-Encoding: deflate")


@scene("/coding-of-no-kind")
def content_encoding_that_is_none(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: utf-8")


@scene("/gzip-cut", Outcome.INCOMPLETE)
def gzip_cut_in_mid_stream(request: Request) -> Answer:
    return reply(gzip.compress(PAGE)[:-30], "Content-Encoding: gzip")


@scene("/gzip-crc", Outcome.PROTOCOL)
def gzip_with_wrong_crc(request: Request) -> Answer:
    data = bytearray(gzip.compress(PAGE))
    data[-8] ^= 0xFF
    return reply(bytes(data), "Content-Encoding: gzip")


@scene("/coding-unknown", Outcome.PROTOCOL)
def content_coding_nobody_asked_for(request: Request) -> Answer:
    return reply(b"\x1f\x9d\x90" + PAGE, "Content-Encoding: compress")


@scene("/six-layers", Outcome.PROTOCOL)
def six_layers_of_gzip(request: Request) -> Answer:
    return reply(bomb(100, 6), "Content-Encoding: " + ", ".join(["gzip"] * 6))


@scene("/bomb", Outcome.TOO_LARGE, hangs_up=True)
def gzip_bomb(request: Request) -> Answer:
    return reply(bomb(20_000_000), "Content-Encoding: gzip")


@scene("/bomb-layers", Outcome.TOO_LARGE, hangs_up=True)
def gzip_bomb_in_three_layers(request: Request) -> Answer:
    return reply(bomb(50_000_000, 3), "Content-Encoding: gzip, gzip, gzip")


@scene("/gzip-crc-once")
def gzip_with_wrong_crc_unless_identity_is_asked(request: Request) -> Answer:
    return reply() if request.headers["accept-encoding"] == "identity" else gzip_with_wrong_crc(request)


@scene("/deflate-says-plain")
def says_deflate_sends_plain_until_identity_is_asked(request: Request) -> Answer:
    return reply() if request.headers["accept-encoding"] == "identity" else reply(PAGE, "Content-Encoding: deflate")


@scene("/coding-identity")
def content_encoding_identity(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: identity")


@scene("/coding-none")
def content_encoding_none(request: Request) -> Answer:
    return reply(PAGE, "Content-Encoding: none")


@scene("/204-gzip", Outcome.HTTP_ERROR)
def no_content_in_gzip(request: Request) -> Answer:
    return reply(b"", "Content-Encoding: gzip", status="204 No Content", length=None)


@scene("/gzip-unlabelled", as_page=True)
def a_page_that_is_a_gzip_file(request: Request) -> Answer:
    return reply(gzip.compress(PAGE))


@scene("/gzip-file-in-gzip", as_page=True)
def a_gzip_file_in_one_layer_of_gzip(request: Request) -> Answer:
    return reply(gzip.compress(gzip.compress(PAGE)), "Content-Encoding: gzip")


@scene("/bomb-unlabelled", Outcome.TOO_LARGE, as_page=True)
def a_bomb_that_is_a_gzip_file(request: Request) -> Answer:
    return reply(bomb(20_000_000))


@scene("/bomb-deflate", Outcome.TOO_LARGE)
def deflate_bomb(request: Request) -> Answer:
    return reply(zlib.compress(b" " * 20_000_000), "Content-Encoding: deflate")


@scene("/br-unasked")
def br_without_asking(request: Request) -> Answer:
    return reply(brotli.compress(PAGE), "Content-Encoding: br")


@scene("/br-cut", Outcome.INCOMPLETE)
def br_cut_in_mid_stream(request: Request) -> Answer:
    return reply(brotli.compress(PAGE)[:-20], "Content-Encoding: br")


@scene("/bomb-br", Outcome.TOO_LARGE)
def br_bomb(request: Request) -> Answer:
    return reply(_br_bomb(), "Content-Encoding: br")


@scene("/zstd")
def zstd_page(request: Request) -> Answer:
    return reply(zstd.compress(PAGE), "Content-Encoding: zstd")


@scene("/bomb-zstd", Outcome.TOO_LARGE)
def zstd_bomb(request: Request) -> Answer:
    return reply(zstd.compress(b" " * 20_000_000), "Content-Encoding: zstd")


@scene("/zstd-window", Outcome.PROTOCOL)
def zstd_with_a_window_over_8_megabytes(request: Request) -> Answer:
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return reply(packer.compress(PAGE) + packer.flush(), "Content-Encoding: zstd")


@cache
def _br_bomb() -> bytes:
    return bytes(brotli.compress(b" " * 20_000_000, quality=1))
