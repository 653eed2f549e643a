import DeploymentSettings
import Launch

/// The Image Service: `run` against a real hub, `dev` with everything it needs in one process.
@main
struct App {
    static func main() async {
        await Program(
            "ImageService",
            summary: "stores images through a message hub and a storage service",
            commands: [
                Command(
                    "run",
                    summary: "Serve, with a message hub and a storage service that run elsewhere.",
                    settings: SettingKeys.run
                ) { values, launch in
                    try await run(
                        ServiceSettings(values),
                        hubURL: values[DeploymentSettings.hubURL],
                        storageURL: values.optional(SettingKeys.storageURL),
                        launch
                    )
                },
                Command(
                    "dev",
                    summary: "Serve, with a hub and a storage of its own; only what --data keeps outlives the process.",
                    settings: SettingKeys.dev
                ) { values, launch in
                    try await dev(ServiceSettings(values), DevSettings(values), launch)
                },
            ]
        ).main()
    }
}
