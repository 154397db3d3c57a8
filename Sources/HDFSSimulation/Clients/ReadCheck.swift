import HoneyHDFS
import NIOCore

/// Reads a file from its beginning to its end and hands over what came.
final class ReadCheck: StreamSink {
    private var bytes = ByteBuffer()
    private var stream: FileStream?
    private let completion: (Result<ByteBuffer, any Error>) -> Void
    private var own: ReadCheck?

    private init(_ completion: @escaping (Result<ByteBuffer, any Error>) -> Void) { self.completion = completion }

    static func read(
        _ path: String, _ client: HDFSClient, completion: @escaping (Result<ByteBuffer, any Error>) -> Void
    ) {
        client.open(path) { result in
            switch result {
            case .failure(let error): completion(.failure(error))
            case .success(let file):
                let check = ReadCheck(completion)
                check.own = check
                check.stream = FileStream(file, 0..<file.size, client, to: check)
            }
        }
    }

    func received(_ bytes: ByteBuffer) -> Bool {
        self.bytes.writeImmutableBuffer(bytes)
        return true
    }

    func ended(_ error: (any Error)?) {
        let result: Result<ByteBuffer, any Error> = error.map { .failure($0) } ?? .success(bytes)
        stream = nil
        own = nil
        completion(result)
    }
}
