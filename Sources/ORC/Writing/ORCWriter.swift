import HoneyCore
import HoneyFiles
import HoneyStorage
final class ORCWriter: BatchWriter {
    init(_ request: WriteRequest, to file: any WritableFile) throws {}
    func write(_ batch: Batch) throws {}
    func finish() throws {}
    var bytesWritten: Int { 0 }
}
