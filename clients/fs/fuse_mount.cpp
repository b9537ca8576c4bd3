// SPDX-License-Identifier: MIT
// The kernel's requests, answered from StickFiles.

#include "clients/fs/fuse_mount.h"

#define FUSE_USE_VERSION 35
#include <fcntl.h>
#include <fuse.h>
#include <fuse_lowlevel.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "clients/fs/control_errno.h"

namespace minikvm {
namespace {

constexpr off_t kShownBytes = 4096;  // of each file, as sysfs says; what a read gives counts

FuseMount& mount() {
    return *static_cast<FuseMount*>(fuse_get_context()->private_data);
}

StickFiles& files() {
    return mount().files();
}

void* begin(fuse_conn_info* /*connection*/, fuse_config* config) {
    config->direct_io = 1;  // values change under the kernel's feet, and have no known size
    config->attr_timeout = 0;
    return fuse_get_context()->private_data;
}

int get_attributes(const char* path, struct stat* found, fuse_file_info* /*file*/) {
    const AttributeFile* const file = files().files().find(path);
    if (file == nullptr) {
        return -ENOENT;
    }
    *found = {};
    found->st_mode = file->mode;
    found->st_nlink = S_ISDIR(file->mode) ? 2 : 1;
    found->st_size = S_ISDIR(file->mode) ? 0 : kShownBytes;
    found->st_uid = ::getuid();
    found->st_gid = ::getgid();
    return 0;
}

int read_folder(const char* path, void* into, fuse_fill_dir_t fill, off_t /*offset*/,
                fuse_file_info* /*file*/, fuse_readdir_flags /*flags*/) {
    constexpr auto kNoFlags = static_cast<fuse_fill_dir_flags>(0);
    for (const char* self : {".", ".."}) {
        fill(into, self, nullptr, 0, kNoFlags);
    }
    for (const std::string& name : files().files().names_in(path)) {
        fill(into, name.c_str(), nullptr, 0, kNoFlags);
    }
    return 0;
}

int open_file(const char* path, fuse_file_info* file) {
    const AttributeFile* const found = files().files().find(path);
    if (found == nullptr) {
        return -ENOENT;
    }
    // Root passes the kernel's check of the mode.
    const int access = file->flags & O_ACCMODE;
    const bool may_read = (found->mode & S_IRUSR) != 0;
    const bool may_write = (found->mode & S_IWUSR) != 0;
    if ((access != O_WRONLY && !may_read) || (access != O_RDONLY && !may_write)) {
        return -EACCES;
    }
    file->fh = files().open(path);
    return 0;
}

int release_file(const char* /*path*/, fuse_file_info* file) {
    mount().forget(file->fh);
    files().close(file->fh);
    return 0;
}

int read_file(const char* /*path*/, char* into, std::size_t size, off_t offset,
              fuse_file_info* file) {
    const Result<std::string> text = files().read(file->fh, static_cast<std::size_t>(offset), size);
    if (!text) {
        return -errno_for(text.error());
    }
    std::copy(text->begin(), text->end(), into);
    return static_cast<int>(text->size());
}

int write_file(const char* /*path*/, const char* from, std::size_t size, off_t /*offset*/,
               fuse_file_info* file) {
    const Result<void> written = files().write(file->fh, std::string_view(from, size));
    return written ? static_cast<int>(size) : -errno_for(written.error());
}

// The shell opens with O_TRUNC; there is nothing to cut off.
int truncate_file(const char* /*path*/, off_t /*size*/, fuse_file_info* /*file*/) {
    return 0;
}

// As sysfs: always readable and writable, and exceptional when it has changed.
int poll_file(const char* /*path*/, fuse_file_info* file, fuse_pollhandle* handle,
              unsigned* events) {
    mount().wait_for_change(file->fh, handle);
    *events = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;
    if (files().poll(file->fh)) {
        *events |= POLLPRI | POLLERR;
    }
    return 0;
}

fuse_operations operations() {
    fuse_operations calls{};
    calls.init = begin;
    calls.getattr = get_attributes;
    calls.readdir = read_folder;
    calls.open = open_file;
    calls.release = release_file;
    calls.read = read_file;
    calls.write = write_file;
    calls.truncate = truncate_file;
    calls.poll = poll_file;
    return calls;
}

struct ArgumentsDeleter {
    void operator()(fuse_args* arguments) const { fuse_opt_free_args(arguments); }
};

}  // namespace

void FuseMount::FuseDeleter::operator()(fuse* mounted) const {
    fuse_unmount(mounted);
    fuse_destroy(mounted);
}

void FuseMount::PollDeleter::operator()(fuse_pollhandle* handle) const {
    fuse_pollhandle_destroy(handle);
}

Result<std::unique_ptr<FuseMount>> FuseMount::create(StickFiles& files, const std::string& folder,
                                                     const std::string& name) {
    std::unique_ptr<FuseMount> mounted(new FuseMount(files));
    fuse_args arguments{};
    const std::unique_ptr<fuse_args, ArgumentsDeleter> freed(&arguments);
    const std::string options =
        "-ofsname=" + name + ",subtype=minikvm,default_permissions,nosuid,nodev,noexec";
    for (const std::string& argument : {std::string("minikvm-fs"), options}) {
        if (fuse_opt_add_arg(&arguments, argument.c_str()) != 0) {
            return errno_error(-ENOMEM, "mount at " + folder);
        }
    }
    static const fuse_operations kOperations = operations();
    fuse* const created = fuse_new(&arguments, &kOperations, sizeof(kOperations), mounted.get());
    if (created == nullptr) {
        return errno_error(-EINVAL, "mount at " + folder);
    }
    if (fuse_mount(created, folder.c_str()) != 0) {
        fuse_destroy(created);
        return errno_error(-ENODEV, "mount at " + folder);
    }
    mounted->fuse_.reset(created);
    return mounted;
}

FuseMount::~FuseMount() = default;

Result<void> FuseMount::start(EventLoop& loop, std::function<void()> on_end) {
    on_end_ = std::move(on_end);
    const int fd = fuse_session_fd(fuse_get_session(fuse_.get()));
    // A request that is withdrawn before it is read must not hold us up.
    if (::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK) != 0) {
        return errno_error("serve the mount");
    }
    watch_ = MINIKVM_TRY(loop.watch(fd, EPOLLIN, [this](auto) { serve(); }));
    return files_.follow(loop, [this](std::uint64_t opening) { tell_change(opening); });
}

void FuseMount::serve() {
    fuse_session* const session = fuse_get_session(fuse_.get());
    fuse_buf buffer{};
    const int received = fuse_session_receive_buf(session, &buffer);
    if (received > 0) {
        fuse_session_process_buf(session, &buffer);
    }
    std::free(buffer.mem);
    const bool lost = received < 0 && received != -EINTR && received != -EAGAIN;
    if (lost || received == 0 || fuse_session_exited(session) != 0) {
        watch_ = Watch();
        on_end_();
    }
}

void FuseMount::wait_for_change(std::uint64_t opening, fuse_pollhandle* handle) {
    if (handle != nullptr) {
        waiting_[opening].reset(handle);
    }
}

void FuseMount::tell_change(std::uint64_t opening) {
    const auto waiting = waiting_.extract(opening);
    if (!waiting.empty()) {
        static_cast<void>(fuse_notify_poll(waiting.mapped().get()));
    }
}

}  // namespace minikvm
