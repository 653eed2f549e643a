import SimulatedStorage

/// Where the files of assets lie: in 256 folders by the first two digits of their names, so that none becomes large.
enum AssetFolders {
    /// The names of the folders: `00` to `ff`.
    static let prefixes: [String] = {
        let digits = Array("0123456789abcdef")
        return digits.flatMap { first in digits.map { String([first, $0]) } }
    }()

    static func incoming(in folder: String) -> String { folder + "/incoming" }

    /// The place of a write of the asset of this name.
    static func blob(name: String, id: String) -> BlobID { BlobID("\(name.prefix(2))/\(name.dropFirst(2)).\(id)") }

    /// Makes all folders, and removes what earlier processes have not finished writing.
    static func prepare(_ folder: String) throws(FileError) {
        for path in [folder, incoming(in: folder)] + prefixes.map({ "\(folder)/\($0)" }) {
            try FileSystem.makeDirectory(path)
        }
        try FileSystem.synchronize(directory: folder)
        for file in try FileSystem.files(in: incoming(in: folder)) {
            try FileSystem.remove(incoming(in: folder) + "/" + file.name)
        }
    }
}
