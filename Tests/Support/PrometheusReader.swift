/// Metrics in Prometheus's text format 0.0.4, read as strictly as a scraper may: what `promtool check metrics` would refuse
/// or complain of throws.
public struct PrometheusReader: Sendable {
    public struct Malformed: Error, CustomStringConvertible {
        public let description: String
    }

    /// One line with a value.
    public struct Sample: Sendable {
        public let name: String
        public let labels: [String: String]
        public let value: Double
    }

    public private(set) var samples: [Sample] = []
    /// Metrics by name: `counter`, `gauge`, `histogram`.
    public private(set) var types: [String: String] = [:]

    public init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Malformed(description: "the last line does not end") }
        var helps: Set<String> = []
        var current: String?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            if let rest = Self.rest(of: line, after: "# HELP ") {
                let (name, help) = try Self.words(rest)
                guard helps.insert(name).inserted, !help.isEmpty else {
                    throw Malformed(description: "a second or empty HELP: \(line)")
                }
                current = name
            } else if let rest = Self.rest(of: line, after: "# TYPE ") {
                let (name, type) = try Self.words(rest)
                guard name == current, types[name] == nil, ["counter", "gauge", "histogram"].contains(type) else {
                    throw Malformed(description: "TYPE without its HELP, or a second one: \(line)")
                }
                guard (type == "counter") == name.hasSuffix("_total") else {
                    throw Malformed(description: "counters end in _total and nothing else does: \(line)")
                }
                types[name] = type
            } else {
                let sample = try Self.sample(line)
                guard let current, let type = types[current], Self.belongs(sample.name, to: current, type) else {
                    throw Malformed(description: "a value outside of its metric: \(line)")
                }
                samples.append(sample)
            }
        }
        try checkSeries()
        try checkHistograms()
    }

    /// The value of a series; `nil` where there is none with exactly these labels.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        samples.first { $0.name == name && $0.labels == labels }?.value
    }

    /// The sum of all series that have these labels and perhaps others.
    public func sum(_ name: String, _ labels: [String: String] = [:]) -> Double {
        samples.filter { sample in
            sample.name == name && labels.allSatisfy { key, value in sample.labels[key] == value }
        }.reduce(0) { $0 + $1.value }
    }

    private func checkSeries() throws {
        var seen: Set<String> = []
        for sample in samples {
            let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            guard seen.insert("\(sample.name) \(labels)").inserted else {
                throw Malformed(description: "a series stands twice: \(sample)")
            }
            if types[sample.name] == "counter", sample.value < 0 { throw Malformed(description: "it fell: \(sample)") }
        }
    }

    private func checkHistograms() throws {
        for (name, type) in types where type == "histogram" {
            var byLabels: [[String: String]: [(le: Double, value: Double)]] = [:]
            for sample in samples where sample.name == name + "_bucket" {
                guard let le = sample.labels["le"].flatMap(Self.number) else {
                    throw Malformed(description: "a bucket without its bound: \(sample)")
                }
                byLabels[sample.labels.filter { $0.key != "le" }, default: []].append((le, sample.value))
            }
            for (labels, buckets) in byLabels {
                let ascend = zip(buckets, buckets.dropFirst()).allSatisfy { $0.le < $1.le && $0.value <= $1.value }
                guard ascend, buckets.last?.le == .infinity, buckets.last?.value == value(name + "_count", labels),
                    value(name + "_sum", labels) != nil
                else { throw Malformed(description: "a histogram that does not add up: \(name) \(labels)") }
            }
        }
    }

    private static func belongs(_ sample: String, to metric: String, _ type: String) -> Bool {
        type == "histogram" ? ["_bucket", "_sum", "_count"].contains { metric + $0 == sample } : metric == sample
    }

    private static func rest(of line: Substring, after prefix: String) -> Substring? {
        line.hasPrefix(prefix) ? line.dropFirst(prefix.count) : nil
    }

    private static func words(_ text: Substring) throws -> (String, String) {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].wholeMatch(of: #/[a-zA-Z_:][a-zA-Z0-9_:]*/#) != nil else {
            throw Malformed(description: "no name: \(text)")
        }
        return (String(words[0]), String(words[1]))
    }

    private static func sample(_ line: Substring) throws -> Sample {
        guard
            let match = line.wholeMatch(
                of: #/([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^{}]*(?:"(?:[^"\\]|\\.)*"[^{}]*)*)\})? (\S+)/#
            ), let value = number(String(match.3))
        else { throw Malformed(description: "no value: \(line)") }
        var labels: [String: String] = [:]
        var rest = match.2 ?? ""
        while !rest.isEmpty {
            guard let label = rest.prefixMatch(of: #/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,|$)/#) else {
                throw Malformed(description: "labels that cannot be read: \(line)")
            }
            guard labels.updateValue(String(label.2), forKey: String(label.1)) == nil else {
                throw Malformed(description: "a label stands twice: \(line)")
            }
            rest = rest[label.range.upperBound...]
        }
        return Sample(name: String(match.1), labels: labels, value: value)
    }

    private static func number(_ text: String) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: Double(text)
        }
    }
}
