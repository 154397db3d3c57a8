import HoneyCore
import HoneyHDFS
extension RemoteException {
    func honeyError(file: FilePosition?) -> HoneyError { HoneyError(.environment, "IO_ERROR", message, file: file) }
}
