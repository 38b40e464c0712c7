"""Where the views are."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from . import views

router = DefaultRouter()
router.register("pictures", views.Pictures, basename="picture")

urlpatterns = [
    path("entries/<int:number>", views.show),
    path("entries", views.Entry.as_view()),
    path("house/", include("tests.codemods.audit.applications.django_app.house_urls")),
    path("walls/", include(router.urls)),
]
