import SimulatedStorage

/// `StorageSimulator modes`: what `--mode` takes, as a table.
enum ModeList {
    static var text: String {
        let width = StorageMode.all.map(\.name.count).max() ?? 0
        return [("Broken", StorageMode.broken), ("Odd but legal", StorageMode.legal)].map { title, modes in
            "\(title) (\(modes.count)):\n" + modes.map { line($0, width: width) }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func line(_ mode: StorageMode, width: Int) -> String {
        let gap = String(repeating: " ", count: width - mode.name.count)
        return "  \(mode.name)\(gap)  \(mode.requirements.joined(separator: " "))  \(mode.summary)"
    }
}
