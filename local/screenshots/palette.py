"""Makes a PNG small: at most 256 colours, the nearest of which stands for any other."""

import base64
import struct
import zlib

from playwright.async_api import Page

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PALETTE = 3
"""The colour type of a PNG whose pixels are numbers of colours."""

_INDEXED = """async (picture) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    const parts = (pixel) => [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    const seen = [...counts].sort(([a, many], [b, more]) => more - many || a - b)
        .map(([pixel]) => [pixel, parts(pixel)]);
    const away = (a, b) => Math.max(Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2]));
    const chosen = seen.slice(0, 192).map(([, colour]) => colour);
    // The rest of the palette goes to those that are farthest from all of these, so that no colour is lost.
    const gaps = seen.map(([, colour]) => Math.min(...chosen.map((each) => away(each, colour))));
    while (chosen.length < Math.min(256, seen.length)) {
        const farthest = gaps.indexOf(gaps.reduce((most, gap) => Math.max(most, gap), 0));
        const added = seen[farthest][1];
        chosen.push(added);
        seen.forEach(([, colour], index) => { gaps[index] = Math.min(gaps[index], away(added, colour)); });
    }
    const numbers = new Map(seen.map(([pixel, colour]) => {
        let best = 0;
        for (let i = 1; i < chosen.length; i++) if (away(chosen[i], colour) < away(chosen[best], colour)) best = i;
        return [pixel, best];
    }));
    let text = "";
    for (const pixel of pixels) text += String.fromCharCode(numbers.get(pixel));
    return { width, height, colours: chosen.flat(), pixels: btoa(text) };
}"""


async def small(picture: bytes, page: Page) -> bytes:
    """Return the PNG *picture* with few colours: the browser of the blank *page* chooses them."""
    found = await page.evaluate(_INDEXED, base64.b64encode(picture).decode())
    return png(found["width"], bytes(found["colours"]), base64.b64decode(found["pixels"]))


def png(width: int, colours: bytes, pixels: bytes) -> bytes:
    """Return a PNG of rows of *width* *pixels*, each the number of one of the *colours* (red, green, blue)."""
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    header = struct.pack(">IIBBBBB", width, len(pixels) // width, 8, _PALETTE, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
