import HoneyFiles
import HoneyHDFSService
import Honeyguide

extension Extensions {
    /// What programs have beyond the library, which goes without HTTP: `webhdfs://`.
    static var commandLine: Extensions {
        var extensions = Extensions.standard()
        extensions.fileSystems.add(WebHDFSFileSystem())
        return extensions
    }
}
