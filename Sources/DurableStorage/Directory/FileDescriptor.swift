import Glibc
import NIOCore

/// An open file. It is closed with the value.
final class FileDescriptor: Sendable {
    private let number: Int32
    private let path: String

    init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(FileError) {
        number = open(path, flags, mode)
        self.path = path
        guard number >= 0 else { throw FileError("open", path) }
    }

    deinit { close(number) }

    /// Takes the lock of the file, which ends with the process; `false` where another has it.
    func lock() throws(FileError) -> Bool {
        guard flock(number, LOCK_EX | LOCK_NB) != 0 else { return true }
        let error = FileError("flock", path)
        guard error.number == EWOULDBLOCK else { throw error }
        return false
    }

    func unlock() throws(FileError) {
        guard flock(number, LOCK_UN) == 0 else { throw FileError("flock", path) }
    }

    func write(_ bytes: ArraySlice<UInt8>) throws(FileError) {
        var buffer = ByteBuffer(bytes: bytes)
        try write(&buffer)
    }

    /// Writes all bytes.
    func write(_ buffer: inout ByteBuffer) throws(FileError) {
        while buffer.readableBytes > 0 {
            let count = buffer.withUnsafeReadableBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError("write", path) }
            buffer.moveReaderIndex(forwardBy: count)
        }
    }

    /// All bytes of the file.
    func readAll() throws(FileError) -> [UInt8] { try Array(readBuffer().readableBytesView) }

    func readBuffer() throws(FileError) -> ByteBuffer {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw FileError("fstat", path) }
        let size = Int(status.st_size)
        var buffer = ByteBuffer()
        buffer.reserveCapacity(size)
        while buffer.readableBytes < size {
            let offset = buffer.readableBytes
            let count = buffer.withUnsafeMutableWritableBytes { pread(number, $0.baseAddress, size - offset, offset) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("read", path) }
            guard count > 0 else { break }
            buffer.moveWriterIndex(forwardBy: count)
        }
        return buffer
    }

    func truncate() throws(FileError) {
        guard ftruncate(number, 0) == 0 else { throw FileError("ftruncate", path) }
    }

    /// When this returns, the bytes are on the disk.
    func synchronize() throws(FileError) {
        while fsync(number) != 0 {
            guard errno == EINTR else { throw FileError("fsync", path) }
        }
    }
}
