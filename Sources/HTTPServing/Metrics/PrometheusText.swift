/// Writes metrics in the text format of Prometheus, version 0.0.4.
///
/// Whoever writes sees to it that label values are few: each is a series for as long as the process lives.
///
///     var text = PrometheusText()
///     text.gauge("hub_connections", "Open connections.", 3)
///     text.counter("hub_messages_total", "Messages.", [.init(["queue": "q1"], 17)])
public struct PrometheusText: Sendable {
    /// What a scraper is told the text is.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// One value and what sets it apart from the metric's others.
    public struct Sample: Sendable, Hashable {
        /// In the order in which they are written.
        public let labels: [(name: String, value: String)]
        public let value: Double

        public init(_ labels: KeyValuePairs<String, String> = [:], _ value: Double) {
            self.labels = labels.map { ($0.key, $0.value) }
            self.value = value
        }

        public init(_ labels: KeyValuePairs<String, String> = [:], _ value: some BinaryInteger) {
            self.init(labels, Double(value))
        }

        public static func == (left: Sample, right: Sample) -> Bool {
            left.value == right.value && left.labels.elementsEqual(right.labels) { $0 == $1 }
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(value)
            for label in labels {
                hasher.combine(label.name)
                hasher.combine(label.value)
            }
        }
    }

    /// The text so far.
    public private(set) var text = ""

    public init() {}

    /// Something that only grows; its name ends in `_total`.
    public mutating func counter(_ name: String, _ help: String, _ samples: [Sample]) {
        head(name, help, "counter")
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    /// A counter of one series.
    public mutating func counter(_ name: String, _ help: String, _ value: some BinaryInteger) {
        counter(name, help, [Sample([:], value)])
    }

    /// Something that goes up and down.
    public mutating func gauge(_ name: String, _ help: String, _ samples: [Sample]) {
        head(name, help, "gauge")
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    /// A gauge of one series.
    public mutating func gauge(_ name: String, _ help: String, _ value: some BinaryInteger) {
        gauge(name, help, [Sample([:], value)])
    }

    /// How often values fell into which ranges.
    public mutating func histogram(
        _ name: String,
        _ help: String,
        _ series: [(labels: KeyValuePairs<String, String>, histogram: Histogram)]
    ) {
        head(name, help, "histogram")
        for (labels, histogram) in series {
            let labels = labels.map { (name: $0.key, value: $0.value) }
            var sum: UInt64 = 0
            for (bound, count) in zip(histogram.bounds + [.infinity], histogram.counts) {
                sum += count
                line(name + "_bucket", labels + [("le", Self.number(bound))], Double(sum))
            }
            line(name + "_sum", labels, histogram.sum)
            line(name + "_count", labels, Double(sum))
        }
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",") + "}"
        }
        text += " \(Self.number(value))\n"
    }

    /// A label's value: backslash, quotation mark and line feed are escaped, and nothing else is.
    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.isNaN { return "NaN" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}

/// How often values fell into which ranges, in counts that only grow.
public struct Histogram: Sendable, Hashable {
    /// The ranges' upper bounds, inclusive, ascending; a last range without bound comes to them.
    public let bounds: [Double]
    /// One for each range, the last one included.
    public private(set) var counts: [UInt64]
    /// Of all values.
    public private(set) var sum: Double = 0

    public init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "Cannot count in ranges that do not ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Counts a value.
    public mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}
