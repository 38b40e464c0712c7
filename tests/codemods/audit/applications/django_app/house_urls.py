"""Where the views of the house are."""

from django.urls import path

from . import views

urlpatterns = [path("greeting", views.greet), path("rooms/<str:name>", views.Room.as_view())]
