"""The contrast of all visible text of a page, by the formula of WCAG 2."""

# Text with too little contrast to what is behind it: 4.5, or 3 for large text.
LOW_CONTRAST = """() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = (color) => {
        const [r, g, b] = channels(color).slice(0, 3).map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
            if (channels(color)[3] !== 0) { return color; }
        }
        return 'rgb(255, 255, 255)';
    };
    const found = new Set();
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const element = node.parentElement;
        if (!node.data.trim() || !element.checkVisibility()) { continue; }
        if (element.closest(':disabled')) { continue; }
        const style = getComputedStyle(element);
        const isLarge = parseFloat(style.fontSize) >= 24 ||
            (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
        const color = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
        const [a, b] = [luminance(color), luminance(behind(element))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < (isLarge ? 3 : 4.5)) { found.add(`${ratio.toFixed(2)} ${node.data.trim()}`); }
    }
    return [...found];
}"""
