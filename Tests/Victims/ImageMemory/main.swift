import CountingMalloc
import Foundation
import ImageFormats

// Measures what decoding and rendering really take, for tests that hold it against what was said before. One line a file
// that is an image: its path, then said and taken bytes of decoding, then of rendering. Its malloc is one that counts,
// which is why it is a program of its own.

let limits = ImageLimits(formats: Set(ImageFormat.allCases))
let options = try RenderOptions(width: 64, height: 64, fit: .cover, format: .png)

func peak(_ work: () -> Void) -> Int {
    counting_malloc_restart()
    work()
    return Int(counting_malloc_peak())
}

/// What rendering was said to take and what it took; nothing where the file cannot be rendered.
func rendering(_ bytes: [UInt8]) -> (said: Int, taken: Int)? {
    guard let plan = try? ImageRenderer.plan(bytes.span, options, limits: limits) else { return nil }
    let taken = peak { _ = try? ImageRenderer.render(bytes.span, plan, limits: limits) }
    return (plan.memoryBytes, taken)
}

/// What decoding and rendering were said to take, and took.
func measure(_ name: String, _ bytes: [UInt8]) {
    guard let header = try? HeaderReader.read(bytes.span, limits: limits) else { return }
    // The first time, libraries set up tables that they keep.
    _ = try? ImageValidator.decode(bytes.span, header, limits: limits)
    _ = rendering(bytes)
    let taken = peak { _ = try? ImageValidator.decode(bytes.span, header, limits: limits) }
    let rendered = rendering(bytes) ?? (0, 0)
    print(name, header.decodeMemoryBytes, taken, rendered.said, rendered.taken)
}

/// The picture as a large file of the format.
func enlarged(_ bytes: [UInt8], as format: ImageFormat) throws -> [UInt8] {
    let options = try RenderOptions(width: 1500, height: 1100, fit: .fill, format: format, enlarge: true)
    let plan = try ImageRenderer.plan(bytes.span, options, limits: limits)
    return try ImageRenderer.render(bytes.span, plan, limits: limits)
}

for path in CommandLine.arguments.dropFirst() {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    measure(path, bytes)
    guard ["png-rgba-8.png", "jpeg-444.jpg", "gif-animated.gif"].contains(where: path.hasSuffix) else { continue }
    for format in RenderOptions.formats.sorted() { measure("\(path)→\(format)", try enlarged(bytes, as: format)) }
}
