import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What the system knows of this process, as far as it tells: by the names that Prometheus's own clients give it.
package struct ProcessNumbers: Sendable, Hashable {
    package var residentBytes: Int
    package var cpuSeconds: Double
    package var openFiles: Int
    package var threads: Int

    /// Reads them; `nil` where there is no `/proc`.
    package static func read() -> ProcessNumbers? {
        guard let data = FileManager.default.contents(atPath: "/proc/self/stat"),
            // The second field, the program's name, stands in brackets and may hold anything.
            let rest = String(decoding: data, as: UTF8.self).split(separator: ")").last
        else { return nil }
        // proc(5): these are the fields from the third on.
        let fields = rest.split(separator: " ")
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let threads = Int(fields[17]), let pages = Int(fields[21])
        else { return nil }
        let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        return ProcessNumbers(
            residentBytes: pages * Int(sysconf(Int32(_SC_PAGESIZE))),
            cpuSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))),
            openFiles: files ?? 0,
            threads: threads
        )
    }
}
