// SPDX-License-Identifier: MIT
// V4l2Device: the ioctls, one by one.

#include "v4l2-bridge/v4l2_device.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

namespace minikvm {
namespace {

std::uint32_t type_of(Direction direction) {
    return static_cast<std::uint32_t>(direction);
}

/// The end of an enumeration, as every VIDIOC_ENUM_ ioctl says it.
bool is_end(const Error& error) {
    return error.code == std::errc::invalid_argument;
}

/// Intervals are hundreds of nanoseconds on the bus: 166666 of them is what 60 Hz is called.
std::uint32_t rounded_rate_hz(v4l2_fract interval) {
    if (interval.numerator == 0) {
        return 0;
    }
    const std::uint64_t doubled = 2ULL * interval.denominator + interval.numerator;
    return static_cast<std::uint32_t>(doubled / (2ULL * interval.numerator));
}

/// What JPEG has, and raw pictures made of it keep: BT.601's matrix, full range.
void set_jpeg_colours(v4l2_pix_format& format) {
    format.priv = V4L2_PIX_FMT_PRIV_MAGIC;  // the fields below are meant
    format.colorspace = V4L2_COLORSPACE_SRGB;
    format.ycbcr_enc = V4L2_YCBCR_ENC_601;
    format.quantization = V4L2_QUANTIZATION_FULL_RANGE;
    format.xfer_func = V4L2_XFER_FUNC_SRGB;
}

}  // namespace

MappedBuffer::~MappedBuffer() {
    if (!bytes_.empty()) {
        ::munmap(bytes_.data(), bytes_.size());
    }
}

Result<V4l2Device> V4l2Device::open(const std::string& node) {
    UniqueFd fd(::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fd) {
        return errno_error("open " + node);
    }
    return V4l2Device(std::move(fd), node);
}

int V4l2Device::call(unsigned long request, void* argument) const {
    int result = -1;
    do {
        result = ::ioctl(fd_.get(), request, argument);
    } while (result < 0 && errno == EINTR);
    return result;
}

tl::unexpected<Error> V4l2Device::failed(const char* name) const {
    const int number = errno;
    return make_error(std::error_code(number, std::generic_category()),
                      std::string(name) + " on " + node_);
}

Result<void> V4l2Device::control(unsigned long request, void* argument, const char* name) const {
    if (call(request, argument) < 0) {
        return failed(name);
    }
    return {};
}

Result<v4l2_capability> V4l2Device::capability() const {
    v4l2_capability capability{};
    MINIKVM_TRY(control(VIDIOC_QUERYCAP, &capability, "VIDIOC_QUERYCAP"));
    return capability;
}

Result<std::vector<std::uint32_t>> V4l2Device::rates(std::uint32_t pixel_format,
                                                     PictureSize size) const {
    std::vector<std::uint32_t> found;
    v4l2_frmivalenum interval{};
    interval.pixel_format = pixel_format;
    interval.width = size.width_px;
    interval.height = size.height_px;
    for (;; ++interval.index) {
        auto answer = control(VIDIOC_ENUM_FRAMEINTERVALS, &interval, "VIDIOC_ENUM_FRAMEINTERVALS");
        if (!answer && is_end(answer.error())) {
            return found;
        }
        MINIKVM_TRY(std::move(answer));
        if (interval.type != V4L2_FRMIVAL_TYPE_DISCRETE) {
            return found;
        }
        found.push_back(rounded_rate_hz(interval.discrete));
    }
}

Result<std::vector<VideoMode>> V4l2Device::modes(std::uint32_t pixel_format) const {
    std::vector<VideoMode> found;
    v4l2_frmsizeenum size{};
    size.pixel_format = pixel_format;
    for (;; ++size.index) {
        auto answer = control(VIDIOC_ENUM_FRAMESIZES, &size, "VIDIOC_ENUM_FRAMESIZES");
        if (!answer && is_end(answer.error())) {
            return found;
        }
        MINIKVM_TRY(std::move(answer));
        if (size.type != V4L2_FRMSIZE_TYPE_DISCRETE) {
            return found;
        }
        const PictureSize picture{size.discrete.width, size.discrete.height};
        for (const std::uint32_t rate_hz : MINIKVM_TRY(rates(pixel_format, picture))) {
            found.push_back({picture, rate_hz});
        }
    }
}

Result<v4l2_pix_format> V4l2Device::set_format(Direction direction, std::uint32_t pixel_format,
                                               PictureSize size) const {
    v4l2_format format{};
    format.type = type_of(direction);
    format.fmt.pix.width = size.width_px;
    format.fmt.pix.height = size.height_px;
    format.fmt.pix.pixelformat = pixel_format;
    format.fmt.pix.field = V4L2_FIELD_NONE;
    if (direction == Direction::Output) {
        set_jpeg_colours(format.fmt.pix);
    }
    MINIKVM_TRY(control(VIDIOC_S_FMT, &format, "VIDIOC_S_FMT"));
    return format.fmt.pix;
}

Result<v4l2_pix_format> V4l2Device::format(Direction direction) const {
    v4l2_format format{};
    format.type = type_of(direction);
    MINIKVM_TRY(control(VIDIOC_G_FMT, &format, "VIDIOC_G_FMT"));
    return format.fmt.pix;
}

Result<std::uint32_t> V4l2Device::rate(Direction direction) const {
    v4l2_streamparm parameters{};
    parameters.type = type_of(direction);
    MINIKVM_TRY(control(VIDIOC_G_PARM, &parameters, "VIDIOC_G_PARM"));
    return rounded_rate_hz(parameters.parm.capture.timeperframe);
}

Result<std::uint32_t> V4l2Device::set_rate(Direction direction, std::uint32_t rate_hz) const {
    v4l2_streamparm parameters{};
    parameters.type = type_of(direction);
    // timeperframe has one place in the two halves of the union.
    parameters.parm.capture.timeperframe = {1, rate_hz};
    MINIKVM_TRY(control(VIDIOC_S_PARM, &parameters, "VIDIOC_S_PARM"));
    return rounded_rate_hz(parameters.parm.capture.timeperframe);
}

Result<v4l2_buffer> V4l2Device::query(Direction direction, std::uint32_t index) const {
    v4l2_buffer buffer{};
    buffer.index = index;
    buffer.type = type_of(direction);
    buffer.memory = V4L2_MEMORY_MMAP;
    MINIKVM_TRY(control(VIDIOC_QUERYBUF, &buffer, "VIDIOC_QUERYBUF"));
    return buffer;
}

Result<MappedBuffer> V4l2Device::map(const v4l2_buffer& buffer) const {
    void* address = ::mmap(nullptr, buffer.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(),
                           static_cast<off_t>(buffer.m.offset));
    if (address == MAP_FAILED) {
        return errno_error("map a buffer of " + node_);
    }
    return MappedBuffer(address, buffer.length);
}

Result<std::vector<MappedBuffer>> V4l2Device::map_buffers(Direction direction,
                                                          std::uint32_t count) const {
    v4l2_requestbuffers request{};
    request.count = count;
    request.type = type_of(direction);
    request.memory = V4L2_MEMORY_MMAP;
    MINIKVM_TRY(control(VIDIOC_REQBUFS, &request, "VIDIOC_REQBUFS"));
    std::vector<MappedBuffer> buffers;
    buffers.reserve(request.count);
    for (std::uint32_t index = 0; index < request.count; ++index) {
        buffers.push_back(MINIKVM_TRY(map(MINIKVM_TRY(query(direction, index)))));
    }
    return buffers;
}

Result<std::vector<MappedBuffer>> V4l2Device::map_buffers_again(Direction direction) const {
    std::vector<MappedBuffer> buffers;
    while (true) {
        const auto buffer = query(direction, static_cast<std::uint32_t>(buffers.size()));
        if (!buffer && is_end(buffer.error())) {
            return buffers;
        }
        buffers.push_back(MINIKVM_TRY(map(MINIKVM_TRY(Result<v4l2_buffer>(buffer)))));
    }
}

Result<void> V4l2Device::queue(Direction direction, v4l2_buffer& buffer) const {
    buffer.type = type_of(direction);
    buffer.memory = V4L2_MEMORY_MMAP;
    return control(VIDIOC_QBUF, &buffer, "VIDIOC_QBUF");
}

Result<std::optional<v4l2_buffer>> V4l2Device::dequeue(Direction direction) const {
    v4l2_buffer buffer{};
    buffer.type = type_of(direction);
    buffer.memory = V4L2_MEMORY_MMAP;
    if (call(VIDIOC_DQBUF, &buffer) == 0) {
        return std::optional(buffer);
    }
    if (errno == EAGAIN) {
        return std::optional<v4l2_buffer>();
    }
    return failed("VIDIOC_DQBUF");
}

Result<void> V4l2Device::stream_on(Direction direction) const {
    std::uint32_t type = type_of(direction);
    return control(VIDIOC_STREAMON, &type, "VIDIOC_STREAMON");
}

Result<void> V4l2Device::stream_off(Direction direction) const {
    std::uint32_t type = type_of(direction);
    return control(VIDIOC_STREAMOFF, &type, "VIDIOC_STREAMOFF");
}

Result<void> V4l2Device::subscribe(std::uint32_t event_type, std::uint32_t flags) const {
    v4l2_event_subscription subscription{};
    subscription.type = event_type;
    subscription.flags = flags;
    return control(VIDIOC_SUBSCRIBE_EVENT, &subscription, "VIDIOC_SUBSCRIBE_EVENT");
}

Result<void> V4l2Device::unsubscribe(std::uint32_t event_type) const {
    v4l2_event_subscription subscription{};
    subscription.type = event_type;
    return control(VIDIOC_UNSUBSCRIBE_EVENT, &subscription, "VIDIOC_UNSUBSCRIBE_EVENT");
}

Result<v4l2_event> V4l2Device::dequeue_event() const {
    v4l2_event event{};
    MINIKVM_TRY(control(VIDIOC_DQEVENT, &event, "VIDIOC_DQEVENT"));
    return event;
}

}  // namespace minikvm
