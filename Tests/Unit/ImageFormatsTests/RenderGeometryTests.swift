import Testing

@testable import ImageFormats

/// Options and the sizes that must come of them.
struct GeometryCase: CustomTestStringConvertible {
    let image: (Int, Int)
    let box: (Int?, Int?)
    let fit: RenderOptions.Fit
    let enlarge: Bool
    let shown: (Int, Int)
    let output: (Int, Int)

    var testDescription: String {
        "\(image) in \(box) \(fit)\(enlarge ? ", larger too" : "")"
    }

    init(
        _ image: (Int, Int),
        in box: (Int?, Int?),
        _ fit: RenderOptions.Fit,
        enlarge: Bool = false,
        shown: (Int, Int)? = nil,
        output: (Int, Int)
    ) {
        (self.image, self.box, self.fit, self.enlarge) = (image, box, fit, enlarge)
        (self.shown, self.output) = (shown ?? image, output)
    }

    static let all = [
        GeometryCase((400, 200), in: (nil, nil), .contain, output: (400, 200)),
        GeometryCase((400, 200), in: (nil, nil), .cover, enlarge: true, output: (400, 200)),
        GeometryCase((400, 200), in: (100, nil), .contain, output: (100, 50)),
        GeometryCase((400, 200), in: (nil, 100), .cover, output: (200, 100)),
        GeometryCase((400, 200), in: (nil, 100), .fill, output: (200, 100)),
        GeometryCase((400, 200), in: (100, 100), .contain, output: (100, 50)),
        GeometryCase((200, 400), in: (100, 100), .contain, output: (50, 100)),
        GeometryCase((400, 200), in: (800, 800), .contain, output: (400, 200)),
        GeometryCase((400, 200), in: (800, 800), .contain, enlarge: true, output: (800, 400)),
        GeometryCase((400, 200), in: (800, nil), .contain, enlarge: true, output: (800, 400)),
        GeometryCase((3, 1000), in: (100, 100), .contain, output: (1, 100)),
        GeometryCase((1, 1), in: (10_000, 10_000), .contain, enlarge: true, output: (10_000, 10_000)),
        GeometryCase((400, 200), in: (100, 100), .cover, shown: (200, 200), output: (100, 100)),
        GeometryCase((200, 400), in: (100, 100), .cover, shown: (200, 200), output: (100, 100)),
        GeometryCase((400, 200), in: (300, 300), .cover, shown: (200, 200), output: (200, 200)),
        GeometryCase((400, 200), in: (300, 300), .cover, enlarge: true, shown: (200, 200), output: (300, 300)),
        GeometryCase((400, 200), in: (300, 100), .cover, shown: (400, 133), output: (300, 100)),
        GeometryCase((400, 200), in: (1, 10_000), .cover, shown: (1, 200), output: (1, 200)),
        GeometryCase((400, 200), in: (100, 150), .fill, output: (100, 150)),
        GeometryCase((400, 200), in: (500, 150), .fill, output: (400, 150)),
        GeometryCase((400, 200), in: (500, 150), .fill, enlarge: true, output: (500, 150)),
        // Nothing is rendered larger than sideMax, asked for or not.
        GeometryCase((40_000, 200), in: (nil, nil), .contain, output: (10_000, 50)),
        GeometryCase((100, 5_000), in: (10_000, nil), .contain, enlarge: true, output: (200, 10_000)),
        GeometryCase((50_000, 40_000), in: (nil, nil), .cover, output: (10_000, 8_000)),
    ]
}

@Suite struct RenderGeometryTests {
    @Test(arguments: GeometryCase.all) func sizes(_ example: GeometryCase) throws {
        let options = try RenderOptions(
            width: example.box.0,
            height: example.box.1,
            fit: example.fit,
            enlarge: example.enlarge
        )
        let geometry = RenderGeometry(displayed: .init(width: example.image.0, height: example.image.1), options)
        #expect(geometry.shown == .init(width: example.shown.0, height: example.shown.1))
        #expect(geometry.output == .init(width: example.output.0, height: example.output.1))
    }

    @Test func sizesHoldForAnySides() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<20_000 {
            func side(_ limit: Int) -> Int {
                Int.random(in: 1...Int.random(in: 1...limit, using: &random), using: &random)
            }
            let image = RenderGeometry.Size(width: side(0x7FFF_FFFF), height: side(0x7FFF_FFFF))
            let options = try RenderOptions(
                width: Bool.random(using: &random) ? side(10_000) : nil,
                height: Bool.random(using: &random) ? side(10_000) : nil,
                fit: RenderOptions.Fit.allCases.randomElement(using: &random)!,
                enlarge: Bool.random(using: &random)
            )
            let geometry = RenderGeometry(displayed: image, options)
            #expect(1...10_000 ~= geometry.output.width && 1...10_000 ~= geometry.output.height)
            #expect(1...image.width ~= geometry.shown.width && 1...image.height ~= geometry.shown.height)
            #expect(geometry.output.width <= options.width ?? 10_000)
            #expect(geometry.output.height <= options.height ?? 10_000)
            if !options.enlarge {
                #expect(geometry.output.width <= image.width && geometry.output.height <= image.height)
            }
        }
    }

    @Test func optionsOutOfRangeAreNamed() {
        #expect(throws: RenderOptions.Invalid(parameter: "width", message: "must be 1 to 10000")) {
            try RenderOptions(width: 0)
        }
        #expect(throws: RenderOptions.Invalid(parameter: "height", message: "must be 1 to 10000")) {
            try RenderOptions(height: 10_001)
        }
        #expect(throws: RenderOptions.Invalid(parameter: "quality", message: "must be 1 to 100")) {
            try RenderOptions(quality: 101)
        }
        #expect(throws: RenderOptions.Invalid(parameter: "format", message: "must be one of png, jpeg, webp")) {
            try RenderOptions(format: .gif)
        }
    }

    /// The part on the canvas lies in the (reduced) image, and the canvas has its size or twice that of the result.
    @Test(arguments: [ImageFormat.png, .jpeg, .webp]) func plansStayInsideTheImage(_ format: ImageFormat) throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<20_000 {
            func side(_ limit: Int) -> Int {
                Int.random(in: 1...Int.random(in: 1...limit, using: &random), using: &random)
            }
            let header = ImageHeader(
                format: format,
                width: side(16_000),
                height: side(16_000),
                decodeMemoryBytes: 0,
                orientation: .random(in: 1...8, using: &random)
            )
            let options = try RenderOptions(
                width: side(2_000),
                height: side(2_000),
                fit: RenderOptions.Fit.allCases.randomElement(using: &random)!,
                enlarge: Bool.random(using: &random)
            )
            let plan = RenderPlan(header, DrawingFacts(), options)
            let reduced = (
                (header.width + plan.reduction - 1) / plan.reduction,
                (header.height + plan.reduction - 1) / plan.reduction
            )
            #expect(plan.window.x >= 0 && plan.window.x + plan.window.width <= reduced.0 && plan.window.width > 0)
            #expect(plan.window.y >= 0 && plan.window.y + plan.window.height <= reduced.1 && plan.window.height > 0)
            let canvas = plan.window.canvas
            #expect(canvas.width == plan.window.width || canvas.width == 2 * plan.stored.width)
            #expect(canvas.height == plan.window.height || canvas.height == 2 * plan.stored.height)
            #expect(canvas.width <= plan.window.width && canvas.height <= plan.window.height)
        }
    }
}
