import Launch

/// Checks a Storage Service, in any language, against docs/protocol.md.
@main
struct App {
    static func main() async {
        await Program(
            "StorageConformance",
            summary: "checks any Storage Service against the storage protocol (docs/conformance.md)",
            commands: [
                Command(
                    summary: "Run the checks. Exit 0: conformant; 1: a MUST failed; 2: incomplete; 3: stale baseline; "
                        + "64: usage; 70: the checker itself broke.",
                    settings: ConformanceSettings.all
                ) { values, launch in try await run(ConformanceSettings(values), launch) }
            ]
        ).main()
    }
}
