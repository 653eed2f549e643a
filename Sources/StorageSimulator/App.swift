import Launch

/// The storage side of the protocol: hub consumer and asset HTTP server, with the hub in the same process on demand.
@main
struct App {
    static func main() async {
        await Program(
            "StorageSimulator",
            summary: "the storage side of the image protocol",
            commands: [
                Command(settings: StorageSettings.all) { values, launch in
                    try await run(StorageSettings(values), launch)
                },
                Command(
                    "replay",
                    summary: "Play the decisions of a recorded journal again, and say whether they are the same.",
                    settings: [Replay.file.description.asOperand]
                ) { values, _ in
                    try Replay.run(values)
                },
                Command("modes", summary: "List the modes that --mode takes.", settings: []) { _, _ in
                    print(ModeList.text)
                },
            ]
        ).main()
    }
}
